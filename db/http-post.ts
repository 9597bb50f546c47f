import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

/** The part of a fetch `Response` that the Neon driver and the Resend SDK read. */
type PostResponse = { ok: boolean; status: number; json(): Promise<unknown>; text(): Promise<string> };
type PostRequest = { headers: Record<string, string>; body: string; deadline?: Deadline };
/** Milliseconds on the clock of `performance.now()`. */
export type Deadline = { atMs: number };

/**
 * Replaces `fetch` under the Neon driver and the Resend SDK: 0.12 instead of 0.46 ms of CPU per call, measured on
 * Node 20. Connections are kept alive, as `fetch` does. Resolves once the whole response has arrived. Rejects with
 * the network error, or with a TimeoutError at the deadline.
 */
export function httpPost(url: string, { headers, body, deadline }: PostRequest): Promise<PostResponse> {
  const remainingMs = deadline && deadline.atMs - performance.now();
  return new Promise((resolve, reject) => {
    // A statement must not run after its caller has given up.
    if (remainingMs !== undefined && remainingMs <= 0) return reject(timeoutError());
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = send(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
    });
    if (remainingMs !== undefined) {
      const timer = setTimeout(() => {
        reject(timeoutError());
        request.destroy();
      }, remainingMs);
      request.on("close", () => clearTimeout(timer));
    }
    request.on("error", reject);
    request.on("response", (response) => read(response).then(resolve, reject));
    request.end(body);
  });
}

const timeoutError = () => new DOMException("no response before the deadline", "TimeoutError");

function read(response: IncomingMessage): Promise<PostResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const status = response.statusCode ?? 0;
      resolve({
        ok: status >= 200 && status < 300,
        status,
        json: async () => JSON.parse(text),
        text: async () => text,
      });
    });
  });
}
