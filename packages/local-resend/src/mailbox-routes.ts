import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import type { EmailStore, StoredEmail } from "./email-store.js";
import { type Route, sendEmpty, sendJson } from "./exchange.js";
import { ResendError } from "./resend-error.js";

/** Next to `src` and to `dist`, so both find it. */
const assets = new URL("../mailbox/", import.meta.url);

const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

// Emails bring inline styles and remote images. The sandbox gives them an opaque origin without scripts, even when
// a browser opens the URL outside the frame.
const emailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; " +
  "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; font-src https: data:; frame-ancestors 'self'";

const contentTypes = { html: "text/html", css: "text/css", js: "text/javascript" };

/** An email as `GET /dev/mailbox.json` lists it. */
export type ReceivedEmail = Omit<StoredEmail, "to"> & { to: string };

export function mailboxRoutes(store: EmailStore): Route[] {
  return [
    {
      method: "GET",
      path: /^\/dev\/mailbox\.json$/,
      handle({ request, response, query }) {
        const etag = `"${store.version()}"`;
        const headers = { etag, "cache-control": "no-cache" };
        if (request.headers["if-none-match"] === etag) return sendEmpty(response, 304, headers);
        sendJson(response, 200, store.list(query.get("to") ?? undefined).map(toReceived), headers);
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
        send(response, status, await readAsset("mailbox.html"), "html", pagePolicy);
      },
    },
    {
      method: "GET",
      path: /^\/dev\/mailbox\/([0-9a-f-]{36})\/html$/,
      handle({ response, params: [id = ""] }) {
        const email = store.find(id);
        if (!email?.html) throw new ResendError(404, "not_found", "This HTML email does not exist.");
        send(response, 200, withTopTarget(email.html), "html", emailPolicy);
      },
    },
    {
      method: "GET",
      path: /^\/dev\/(mailbox(?:-[a-z]+)?\.(css|js))$/,
      async handle({ response, params: [name = "", type] }) {
        send(response, 200, await readAsset(name), type === "css" ? "css" : "js", pagePolicy);
      },
    },
  ];
}

function toReceived({ to, ...email }: StoredEmail): ReceivedEmail {
  return { ...email, to: to.join(", ") };
}

/** Makes links leave the frame. The HTML parser moves a `base` after the doctype into the head. */
function withTopTarget(html: string): string {
  const doctype = /^\s*<!doctype[^>]*>/i.exec(html)?.[0] ?? "";
  return `<!doctype html><base target="_top">${html.slice(doctype.length)}`;
}

async function readAsset(name: string): Promise<string> {
  try {
    return await readFile(new URL(name, assets), "utf8");
  } catch {
    throw new ResendError(404, "not_found", `${name} does not exist.`);
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type: keyof typeof contentTypes,
  policy: string,
): void {
  response
    .writeHead(status, {
      "content-type": `${contentTypes[type]}; charset=utf-8`,
      "content-security-policy": policy,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    })
    .end(body);
}
