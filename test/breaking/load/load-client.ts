import { Agent, request } from "node:http";
import type { ApiResponse, RequestOptions } from "../../stack/client.js";

/** `status` is 0 when no response arrived. */
export type LoadResponse = {
  status: number;
  code: string | undefined;
  retryAfter: string | undefined;
  /** Whether the platform rejected the request before it reached a function. */
  isThrottled: boolean;
  /** Set by actions that change the session of their user. */
  mayHaveLostSession?: boolean;
  cookie: string | undefined;
  json: ApiResponse["json"];
};
type LoadRequestOptions = Pick<RequestOptions, "json" | "token" | "cookie"> & {
  /** The caller's address, which budgets count by. */
  address?: string;
};
type Send = (method: string, path: string, options?: LoadRequestOptions) => Promise<LoadResponse>;
export type LoadClient = {
  send: Send;
  /** Reopens connections that the server has closed as idle. */
  connect(): Promise<void>;
};

/**
 * More than the functions serve concurrently, and fewer than 1,024 with those of `addresses`. With 1,024 ready
 * sockets, libuv polls sockets 48 times before it runs a timer, so no request times out for half a minute. An
 * instance on Vercel cannot have that many sockets.
 */
const connections = 800;

/** As many as browsers open to one host. With fewer, callers would wait for their own sockets. */
const connectionsPerAddress = 6;

const timeoutMs = 30_000;

/**
 * Does as little as possible per request, because it shares the machine with the functions it measures. It opens
 * connections in advance and keeps them, as Vercel does to an instance: a Node server accepts one new connection per
 * turn of its event loop, ten a second when busy, which would dominate the measurement.
 */
export async function openLoadClient(origin: string, addresses: readonly string[]): Promise<LoadClient> {
  const { port } = new URL(origin);
  const kept = { keepAlive: true, maxFreeSockets: connections };
  // FIFO uses every connection in turn, so the server closes few as idle. LIFO suits rarely used addresses.
  const agent = new Agent({ ...kept, scheduling: "fifo", maxSockets: connections });
  const addressAgent = new Agent({ ...kept, scheduling: "lifo", maxSockets: connectionsPerAddress });
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
      const from = address === undefined ? { agent } : { agent: addressAgent, localAddress: address };
      const sent = request({ host: "127.0.0.1", port, method, path, headers, ...from }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", () => resolve(noResponse));
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
      sent.setTimeout(timeoutMs, () => sent.destroy());
      sent.on("error", () => resolve(noResponse));
      sent.end(body);
    });
  const openConnections = (count: number, address?: string) =>
    Array.from({ length: count }, () => send("GET", "/api/health", address === undefined ? {} : { address }));
  const connect = async () => {
    const perAddress = addresses.flatMap((address) => openConnections(connectionsPerAddress, address));
    await Promise.all([...openConnections(connections), ...perAddress]);
  };
  await connect();
  return { send, connect };
}

const noResponse: LoadResponse = {
  status: 0,
  code: "no response",
  retryAfter: undefined,
  isThrottled: false,
  cookie: undefined,
  json: undefined,
};
