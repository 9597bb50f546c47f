import { createHash, randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { isLoopbackHost } from "@latchkey/local-vercel";

/**
 * How the API treats requests. `hang`: no response. `stall`: headers, but no body. `resets`: closes this number of
 * connections, then serves.
 */
export type BreachApiMode =
  | "serve"
  | "hang"
  | "stall"
  | { status: number }
  | { body: string }
  | { resets: number };

export type BreachApi = {
  /** For PASSWORD_BREACH_URL. */
  origin: string;
  /** The requests since the start, newest last. */
  requests: { method: string; url: string; headers: IncomingHttpHeaders; body: string }[];
  /** Adds a password, as if `count` leaked accounts had it. */
  reveal(password: string, count?: number): void;
  setMode(mode: BreachApiMode): void;
  stop(): Promise<void>;
};

const sha1 = (text: string) => createHash("sha1").update(text).digest("hex").toUpperCase();

/** Every prefix of the real API has hundreds of hashes. */
const othersPerRange = 20;
const paddedTo = { min: 800, max: 1000 };

/**
 * Serves the range API of Have I Been Pwned at 127.0.0.1, for passwords that this process knows:
 * haveibeenpwned.com/API/v3#PwnedPasswords. The functions need no internet then, and nothing leaves the machine.
 */
export async function startBreachApi(passwords: readonly string[] = []): Promise<BreachApi> {
  const counts = new Map<string, number>();
  const requests: BreachApi["requests"] = [];
  let mode: BreachApiMode = "serve";

  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const { method = "", url = "", headers } = request;
    requests.push({ method, url, headers, body });
    if (!isLoopbackHost(headers.host ?? "")) return send(response, 403, "");
    if (mode === "hang") return;
    if (mode === "stall") return response.writeHead(200).flushHeaders();
    if (mode !== "serve") {
      if ("status" in mode) return send(response, mode.status, "");
      if ("body" in mode) return send(response, 200, mode.body);
      if (mode.resets > 0) {
        mode = { resets: mode.resets - 1 };
        return void request.socket.destroy();
      }
    }
    respond(counts, request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");

  const reveal = (password: string, count = 1) => void counts.set(sha1(password), count);
  for (const password of passwords) reveal(password);
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    reveal,
    setMode(next) {
      mode = next;
    },
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function respond(
  counts: Map<string, number>,
  { method, url = "", headers }: IncomingMessage,
  to: ServerResponse,
) {
  const [, given] = /^\/range\/([^/?]*)$/.exec(url) ?? [];
  if (given === undefined) return send(to, 404, "");
  if (method !== "GET") return send(to, 405, "");
  if (!/^[0-9A-Fa-f]{5}$/.test(given)) return send(to, 400, "The hash prefix was not in a valid format");
  const prefix = given.toUpperCase();
  const lines = [...counts].flatMap(([hash, count]) =>
    hash.startsWith(prefix) ? [`${hash.slice(5)}:${count}`] : [],
  );
  for (let i = 0; i < othersPerRange; i += 1) lines.push(`${sha1(prefix + i).slice(5)}:${1 + i}`);
  const size = headers["add-padding"] === "true" ? randomInt(paddedTo.min, paddedTo.max) : 0;
  while (lines.length < size) lines.push(`${randomBytes(18).toString("hex").slice(1).toUpperCase()}:0`);
  send(to, 200, lines.sort().join("\r\n"));
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain" }).end(text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}
