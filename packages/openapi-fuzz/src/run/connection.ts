import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { platform } from "node:os";

export type HttpRequest = {
  method: string;
  /** Below the base URL, with the query. */
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array | undefined;
};
export type HttpResponse = { status: number; headers: Headers; text: string };

/**
 * Sends one request at a time, over a connection that stays open.
 * @throws NoResponseError
 */
export type Connection = { send(request: HttpRequest): Promise<HttpResponse>; close(): void };

export type ConnectionOptions = {
  /** Changes the source address every few requests, if the service is on a loopback address. */
  rotateLoopbackAddress?: boolean;
};

/** The connection failed, or the service took too long. */
export class NoResponseError extends Error {
  readonly request: HttpRequest;

  constructor(request: HttpRequest, cause: unknown) {
    const { message, code } = Object(cause) as { message?: string; code?: string };
    super(message || code || String(cause), { cause });
    this.name = "NoResponseError";
    this.request = request;
  }
}

const timeoutMs = 30_000;
const requestsPerAddress = 8;
let addressCount = 0;

function nextAddress(): string {
  addressCount += 1;
  const [second, third] = [Math.floor(addressCount / 62_500) % 200, Math.floor(addressCount / 250) % 250];
  return `127.${10 + second}.${1 + third}.${1 + (addressCount % 250)}`;
}

/** `fetch` normalizes paths and forbids some headers; Node's own client sends both unchanged. */
export function createConnection(
  baseUrl: string,
  { rotateLoopbackAddress = false }: ConnectionOptions = {},
): Connection {
  const { hostname, port, protocol, pathname } = new URL(baseUrl);
  const isLoopback = hostname === "localhost" || hostname === "127.0.0.1";
  // macOS has a single loopback address unless more are configured.
  const rotates = rotateLoopbackAddress && isLoopback && platform() !== "darwin";
  const isSecure = protocol === "https:";
  let agent: Agent | undefined;
  let count = 0;

  function currentAgent(): Agent {
    if (agent && !(rotates && count % requestsPerAddress === 0)) return agent;
    agent?.destroy();
    const options = { keepAlive: true, maxSockets: 1, ...(rotates ? { localAddress: nextAddress() } : {}) };
    agent = isSecure ? new HttpsAgent(options) : new Agent(options);
    return agent;
  }

  async function exchange({ method, path, headers, body }: HttpRequest): Promise<HttpResponse> {
    const options = {
      agent: currentAgent(),
      hostname: rotates ? "127.0.0.1" : hostname.replace(/^\[(.*)\]$/, "$1"),
      port,
      method,
      path: pathname.replace(/\/$/, "") + path,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
      },
      signal: AbortSignal.timeout(timeoutMs),
    };
    count += 1;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = (isSecure ? httpsRequest : httpRequest)(options);
      outgoing.on("response", resolve).on("error", reject);
      outgoing.end(body);
    });
    return readResponse(response);
  }

  return {
    async send(request) {
      try {
        return await exchange(request);
      } catch (error) {
        throw new NoResponseError(request, error);
      }
    },
    close: () => agent?.destroy(),
  };
}

async function readResponse(response: IncomingMessage): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (let i = 0; i < response.rawHeaders.length; i += 2) {
    headers.append(String(response.rawHeaders[i]), String(response.rawHeaders[i + 1]));
  }
  return { status: response.statusCode ?? 0, headers, text: Buffer.concat(chunks).toString() };
}

/** The path below the base URL that a `Location` leads to. Its host may be the service's public one. */
export function locationPath(baseUrl: string, requestPath: string, location: string): string | undefined {
  const base = new URL(baseUrl).pathname.replace(/\/$/, "");
  if (!URL.canParse(location, baseUrl)) return undefined;
  const { pathname } = new URL(location, new URL(base + requestPath, baseUrl));
  return pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : undefined;
}
