import { Agent, type IncomingMessage, request } from "node:http";
import { platform } from "node:os";
import { expectDocumented } from "./documented.js";

export type RequestOptions = {
  /** Sent as JSON, with its media type. */
  json?: unknown;
  /** Sent as it is. */
  body?: string | Uint8Array;
  headers?: Record<string, string | string[]>;
  /** An access token. */
  token?: string;
  /** Instead of the cookie jar's; `""` sends none. */
  cookie?: string;
};

export type Answer = {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined when there is none. Its shape is checked against the document already. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies freely, and the document vouches for them.
  json: any;
  code: string | undefined;
  setCookies: string[];
};

/** A caller with an address and a cookie jar of its own. Every answer of the API is held against the document. */
export type Client = {
  cookies: Map<string, string>;
  send(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  get(path: string, options?: RequestOptions): Promise<Answer>;
  post(path: string, json?: unknown, options?: RequestOptions): Promise<Answer>;
  patch(path: string, json?: unknown, options?: RequestOptions): Promise<Answer>;
  delete(path: string, options?: RequestOptions): Promise<Answer>;
};

let addresses = 0;

/** Limits count by address. Everything in 127.0.0.0/8 is this machine, except on macOS, where all share one. */
function ownAddress(): string | undefined {
  if (platform() === "darwin") return undefined;
  addresses += 1;
  return `127.${1 + (process.pid % 250)}.${1 + (Math.floor(addresses / 250) % 250)}.${1 + (addresses % 250)}`;
}

export function createClient(origin: string): Client {
  const localAddress = ownAddress();
  const agent = new Agent({ keepAlive: true, ...(localAddress ? { localAddress } : {}) });
  const cookies = new Map<string, string>();

  async function send(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
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
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
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
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const answer = toAnswer(response, Buffer.concat(chunks).toString());
    for (const line of answer.setCookies) store(cookies, line);
    expectDocumented(method, path, answer);
    return answer;
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

function toAnswer(response: IncomingMessage, text: string): Answer {
  const headers = new Headers();
  for (let i = 0; i < response.rawHeaders.length; i += 2) {
    headers.append(String(response.rawHeaders[i]), String(response.rawHeaders[i + 1]));
  }
  const isJson = /[/+]json/.test(headers.get("content-type") ?? "");
  const json = isJson && text ? JSON.parse(text) : undefined;
  return {
    status: response.statusCode ?? 0,
    headers,
    text,
    json,
    code: json?.code,
    setCookies: headers.getSetCookie(),
  };
}

function store(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(/; */);
  const [name = "", value = ""] = pair.split("=", 2);
  const isRemoved = attributes.some((attribute) => /^max-age=0$/i.test(attribute));
  if (isRemoved) cookies.delete(name);
  else cookies.set(name, value);
}
