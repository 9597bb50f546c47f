import { Agent, request } from "node:http";
import type { RequestOptions } from "../../stack/client.js";

/** `status` 0: no answer came. */
export type WireAnswer = {
  status: number;
  code: string | undefined;
  retryAfter: string | undefined;
  /** Whether the platform has sent the request away, before the function. */
  isThrottled: boolean;
  /** Whether the caller's session may have ended for a good reason; set by the visit. */
  isCutOff?: boolean;
  cookie: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: the tests of the API have looked at every body.
  json: any;
};
type WireOptions = Pick<RequestOptions, "json" | "token" | "cookie"> & {
  /** Where the caller comes from; budgets count by it. */
  address?: string;
};
type Send = (method: string, path: string, options?: WireOptions) => Promise<WireAnswer>;
export type Wire = Send & {
  /** Opens the connections that have been closed for want of use. */
  connect(): Promise<void>;
};

/**
 * More than has room in functions at once, and with those of addresses that are in use fewer than 1,024. When so many
 * sockets are ready, of callers or of their trips, libuv looks at sockets only, 48 times, before it looks at a timer:
 * half a minute goes by in which nothing is given up. An instance at Vercel cannot have as many.
 */
const connections = 800;

/** As many as a browser has to one host. With fewer, a caller would wait for its own socket. */
const connectionsOfAddress = 6;

/** Whoever waits longer has given up. */
const patienceMs = 30_000;

/**
 * As little as possible around a request, for the caller shares the machine with what it measures. Connections are
 * opened before the first request and kept, as Vercel keeps its own to an instance: a Node server lets in one new
 * connection for each turn of its loop, ten a second when it is busy, and that would be all there is to see.
 */
export async function openWire(origin: string, addresses: readonly string[]): Promise<Wire> {
  const { port } = new URL(origin);
  const kept = { keepAlive: true, maxFreeSockets: connections };
  // In turn, so that none is idle until the server closes it. Of an address the last one used: few are needed often.
  const agent = new Agent({ ...kept, scheduling: "fifo", maxSockets: connections });
  const agentOfAddress = new Agent({ ...kept, scheduling: "lifo", maxSockets: connectionsOfAddress });
  const send: Send = (method, path, { json, token, cookie, address } = {}) =>
    new Promise((resolve) => {
      const body = json === undefined ? undefined : JSON.stringify(json);
      const headers = {
        ...(body === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(cookie === undefined ? {} : { cookie }),
      };
      const from = address === undefined ? { agent } : { agent: agentOfAddress, localAddress: address };
      const sent = request({ host: "127.0.0.1", port, method, path, headers, ...from }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", () => resolve(unanswered));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = /[/+]json/.test(response.headers["content-type"] ?? "");
          const parsed = isJson && text ? JSON.parse(text) : undefined;
          resolve({
            status: response.statusCode ?? 0,
            code: parsed?.code,
            retryAfter: response.headers["retry-after"],
            isThrottled: response.headers["x-vercel-error"] === "FUNCTION_THROTTLED",
            cookie: response.headers["set-cookie"]?.[0]?.split(";")[0],
            json: parsed,
          });
        });
      });
      sent.setTimeout(patienceMs, () => sent.destroy());
      sent.on("error", () => resolve(unanswered));
      sent.end(body);
    });
  const greet = (count: number, address?: string) =>
    Array.from({ length: count }, () => send("GET", "/api/health", address === undefined ? {} : { address }));
  const connect = async () => {
    const greetings = addresses.flatMap((address) => greet(connectionsOfAddress, address));
    await Promise.all([...greet(connections), ...greetings]);
  };
  await connect();
  return Object.assign(send, { connect });
}

const unanswered: WireAnswer = {
  status: 0,
  code: "no answer",
  retryAfter: undefined,
  isThrottled: false,
  cookie: undefined,
  json: undefined,
};
