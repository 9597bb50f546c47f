import type { IncomingMessage } from "node:http";

/** Vercel's limit for a request to a function. */
const maxBodyBytes = 4.5 * 1024 * 1024;

/** A request body as a web stream, which errors beyond the limit. `isTooLarge` then returns true. */
export type RequestBody = { stream: ReadableStream<Uint8Array>; isTooLarge(): boolean };

export function announcesTooLarge(request: IncomingMessage): boolean {
  return Number(request.headers["content-length"] ?? 0) > maxBodyBytes;
}

/** Returns `null` for a request without a body, and for methods whose web `Request` cannot have one. */
export function readBody(request: IncomingMessage): RequestBody | null {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  const hasBody = encoding !== undefined || Number(length ?? 0) > 0;
  if (!hasBody || request.method === "GET" || request.method === "HEAD") return null;

  // A function that stops reading early must not close the connection, which still carries the response.
  const chunks = request.iterator({ destroyOnReturn: false });
  let bytes = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) return controller.close();
        bytes += value.length;
        if (bytes > maxBodyBytes) controller.error(new Error("The request body is too large."));
        else controller.enqueue(new Uint8Array(value));
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, isTooLarge: () => bytes > maxBodyBytes };
}
