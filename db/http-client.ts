import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

/** The part of a fetch `Response` that callers read. */
type HttpResponse = {
  ok: boolean;
  status: number;
  headers: IncomingHttpHeaders;
  json(): Promise<unknown>;
  text(): Promise<string>;
};
type GetRequest = { headers: Record<string, string>; deadline?: Deadline };
type PostRequest = GetRequest & {
  body: string;
  /** Called with the size of the whole response. */
  onReceived?: OnReceived;
};
export type OnReceived = (bytes: number) => void;
/** Milliseconds on the clock of `performance.now()`. */
export type Deadline = { atMs: number };

/**
 * Replaces `fetch` under the Neon driver and the Resend SDK: 0.12 instead of 0.46 ms of CPU per call, measured on
 * Node 20. Connections are kept alive, as `fetch` does. Resolves once the whole response has arrived. Rejects with
 * the network error, or with a TimeoutError at the deadline.
 */
export const httpPost = (url: string, { headers, ...request }: PostRequest): Promise<HttpResponse> =>
  send(url, "POST", { headers: { "content-type": "application/json", ...headers }, ...request });

/** Like `httpPost`. Follows no redirect. */
export const httpGet = (url: string, request: GetRequest): Promise<HttpResponse> => send(url, "GET", request);

function send(
  url: string,
  method: string,
  { headers, body, deadline, onReceived }: GetRequest & Partial<PostRequest>,
): Promise<HttpResponse> {
  const remainingMs = deadline && deadline.atMs - performance.now();
  return new Promise((resolve, reject) => {
    // A statement must not run after its caller has given up.
    if (remainingMs !== undefined && remainingMs <= 0) return reject(timeoutError());
    const open = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = open(url, { method, headers });
    if (remainingMs !== undefined) {
      const timer = setTimeout(() => {
        reject(timeoutError());
        request.destroy();
      }, remainingMs);
      request.on("close", () => clearTimeout(timer));
    }
    request.on("error", reject);
    request.on("response", (response) => read(response, onReceived).then(resolve, reject));
    request.end(body);
  });
}

const timeoutError = () => new DOMException("no response before the deadline", "TimeoutError");

function read(response: IncomingMessage, onReceived: OnReceived | undefined): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const body = Buffer.concat(chunks);
      onReceived?.(body.length);
      const text = body.toString();
      const status = response.statusCode ?? 0;
      resolve({
        ok: status >= 200 && status < 300,
        status,
        headers: response.headers,
        json: async () => JSON.parse(text),
        text: async () => text,
      });
    });
  });
}
