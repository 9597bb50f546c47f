import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { urlToHttpOptions } from "node:url";

/** What is looked at of an answer. */
type Answer = { ok: boolean; status: number; json(): Promise<unknown>; text(): Promise<string> };
type Sending = { headers: Record<string, string>; body: string; deadline?: Deadline };
/** On the clock of `performance.now()`, in milliseconds. */
export type Deadline = { atMs: number };

/**
 * Stands in for `fetch` under the driver and under Resend's SDK: its request and response objects and web streams
 * take more of a function's CPU time than all the rest of a query. Connections are kept alive, as `fetch` does.
 * The answer has arrived whole; rejects with what went wrong on the way, a TimeoutError at the deadline.
 */
export function post(url: string, { headers, body, deadline }: Sending): Promise<Answer> {
  const leftMs = deadline && deadline.atMs - performance.now();
  return new Promise((resolve, reject) => {
    // What nobody waits for must not be done.
    if (leftMs !== undefined && leftMs <= 0) return reject(tooLate());
    const target = targetOf(url);
    const send = target.protocol === "https:" ? httpsRequest : httpRequest;
    const all = { "content-type": "application/json", ...headers };
    const sent = send({ ...target, method: "POST", headers: all });
    if (leftMs !== undefined) {
      // A signal would do the same for several times the work.
      const timer = setTimeout(() => {
        reject(tooLate());
        sent.destroy();
      }, leftMs);
      sent.on("close", () => clearTimeout(timer));
    }
    sent.on("error", reject);
    sent.on("response", (response) => read(response).then(resolve, reject));
    sent.end(body);
  });
}

const targets = new Map<string, ReturnType<typeof urlToHttpOptions>>();

/** A function knows two or three, and to take one apart is a tenth of a request that is not compiled yet. */
function targetOf(url: string) {
  const target = targets.get(url) ?? urlToHttpOptions(new URL(url));
  targets.set(url, target);
  return target;
}

const tooLate = () => new DOMException("no answer before the deadline", "TimeoutError");

function read(response: IncomingMessage): Promise<Answer> {
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
