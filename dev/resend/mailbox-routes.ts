import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { Refusal, type Route, sendEmpty, sendJson } from "./exchange.js";
import type { MailStore, StoredMail } from "./mail-store.js";

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

// Mails bring inline styles and remote pictures. The sandbox gives them an origin of their own and no scripts,
// also when the address is opened outside the frame.
const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; " +
  "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; font-src https: data:; frame-ancestors 'self'";

const CONTENT_TYPES = { html: "text/html", css: "text/css", js: "text/javascript" };

/** A mail as `GET /dev/mailbox.json` shows it. */
export type Mail = Omit<StoredMail, "to"> & { to: string };

export function mailboxRoutes(store: MailStore): Route[] {
  return [
    {
      method: "GET",
      path: /^\/dev\/mailbox\.json$/,
      handle({ request, response, query }) {
        const etag = `"${store.version()}"`;
        const headers = { etag, "cache-control": "no-cache" };
        if (request.headers["if-none-match"] === etag) return sendEmpty(response, 304, headers);
        sendJson(response, 200, store.list(query.get("to") ?? undefined).map(toMail), headers);
      },
    },
    {
      method: "DELETE",
      path: /^\/dev\/mailbox\.json$/,
      handle({ response }) {
        store.empty();
        sendEmpty(response, 204);
      },
    },
    {
      method: "GET",
      path: /^\/dev\/mailbox(?:\/([0-9a-f-]{36}))?$/,
      async handle({ response, params: [id] }) {
        const status = id === undefined || store.find(id) ? 200 : 404;
        send(response, status, await asset("mailbox.html"), "html", PAGE_POLICY);
      },
    },
    {
      method: "GET",
      path: /^\/dev\/mailbox\/([0-9a-f-]{36})\/html$/,
      handle({ response, params: [id = ""] }) {
        const mail = store.find(id);
        if (!mail?.html) throw new Refusal(404, "not_found", "There is no such HTML mail.");
        send(response, 200, withTopTarget(mail.html), "html", MAIL_POLICY);
      },
    },
    {
      method: "GET",
      path: /^\/dev\/(mailbox(?:-[a-z]+)?\.(css|js))$/,
      async handle({ response, params: [name = "", type] }) {
        send(response, 200, await asset(name), type === "css" ? "css" : "js", PAGE_POLICY);
      },
    },
  ];
}

function toMail({ to, ...mail }: StoredMail): Mail {
  return { ...mail, to: to.join(", ") };
}

/** Makes links leave the frame. The parser moves a `base` that follows the doctype into the head. */
function withTopTarget(html: string): string {
  const doctype = /^\s*<!doctype[^>]*>/i.exec(html)?.[0] ?? "";
  return `<!doctype html><base target="_top">${html.slice(doctype.length)}`;
}

async function asset(name: string): Promise<string> {
  try {
    return await readFile(new URL(name, import.meta.url), "utf8");
  } catch {
    throw new Refusal(404, "not_found", `There is no ${name}.`);
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type: keyof typeof CONTENT_TYPES,
  policy: string,
): void {
  response
    .writeHead(status, {
      "content-type": `${CONTENT_TYPES[type]}; charset=utf-8`,
      "content-security-policy": policy,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    })
    .end(body);
}
