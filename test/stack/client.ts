import { Agent, type IncomingMessage, request } from "node:http";
import { platform } from "node:os";
import { expectDocumented } from "./expect-documented.js";

export type RequestOptions = {
  /** Sent as application/json. */
  json?: unknown;
  /** Sent unchanged, without a media type. */
  body?: string | Uint8Array;
  headers?: Record<string, string | string[]>;
  /** An access token. */
  token?: string;
  /** Replaces the cookies of the jar; `""` sends no Cookie header. */
  cookie?: string;
};

export type ApiResponse = {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined without a JSON body. */
  // biome-ignore lint/suspicious/noExplicitAny: expectDocumented has checked the body against the document.
  json: any;
  code: string | undefined;
  setCookies: string[];
};

/** A caller with a separate address and cookie jar. It checks every API response against the document. */
export type Client = {
  cookies: Map<string, string>;
  send(method: string, path: string, options?: RequestOptions): Promise<ApiResponse>;
  get(path: string, options?: RequestOptions): Promise<ApiResponse>;
  post(path: string, json?: unknown, options?: RequestOptions): Promise<ApiResponse>;
  patch(path: string, json?: unknown, options?: RequestOptions): Promise<ApiResponse>;
  delete(path: string, options?: RequestOptions): Promise<ApiResponse>;
};

let addressCount = 0;

/** Budgets count by address. All of 127.0.0.0/8 is this machine, except on macOS, where clients share one address. */
function nextAddress(): string | undefined {
  if (platform() === "darwin") return undefined;
  addressCount += 1;
  return `127.${1 + (process.pid % 250)}.${1 + (Math.floor(addressCount / 250) % 250)}.${1 + (addressCount % 250)}`;
}

export function createClient(origin: string): Client {
  const localAddress = nextAddress();
  const agent = new Agent({ keepAlive: true, ...(localAddress ? { localAddress } : {}) });
  const cookies = new Map<string, string>();

  async function send(method: string, path: string, options: RequestOptions = {}): Promise<ApiResponse> {
    const body = options.json === undefined ? options.body : JSON.stringify(options.json);
    const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const cookie = options.cookie ?? jar;
    const headers = {
      ...(options.json === undefined ? {} : { "content-type": "application/json" }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(cookie ? { cookie } : {}),
      ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
      ...options.headers,
    };
    const { hostname, port } = new URL(origin);
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({
        agent,
        hostname: hostname === "localhost" ? "127.0.0.1" : hostname,
        port,
        method,
        path,
        headers,
      });
      sent.on("response", resolve).on("error", reject);
      sent.end(body);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const response = toApiResponse(message, Buffer.concat(chunks).toString());
    for (const line of response.setCookies) storeCookie(cookies, line);
    expectDocumented(method, path, response);
    return response;
  }

  const withJson = (method: string) => (path: string, json?: unknown, options?: RequestOptions) =>
    send(method, path, json === undefined ? options : { json, ...options });
  return {
    cookies,
    send,
    get: (path, options) => send("GET", path, options),
    post: withJson("POST"),
    patch: withJson("PATCH"),
    delete: (path, options) => send("DELETE", path, options),
  };
}

function toApiResponse(message: IncomingMessage, text: string): ApiResponse {
  const headers = new Headers();
  for (let i = 0; i < message.rawHeaders.length; i += 2) {
    headers.append(String(message.rawHeaders[i]), String(message.rawHeaders[i + 1]));
  }
  const isJson = /[/+]json/.test(headers.get("content-type") ?? "");
  const json = isJson && text ? JSON.parse(text) : undefined;
  return {
    status: message.statusCode ?? 0,
    headers,
    text,
    json,
    code: json?.code,
    setCookies: headers.getSetCookie(),
  };
}

function storeCookie(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(/; */);
  const [name = "", value = ""] = pair.split("=", 2);
  const isRemoved = attributes.some((attribute) => /^max-age=0$/i.test(attribute));
  if (isRemoved) cookies.delete(name);
  else cookies.set(name, value);
}
