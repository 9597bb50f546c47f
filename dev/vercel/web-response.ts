import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Headers } from "./router.js";

const connectionHeader = /^(connection|keep-alive|transfer-encoding)$/;

/** Writes what a function returned; `headers` of the routes go over its own. */
export async function sendWebResponse(
  answer: Response,
  response: ServerResponse,
  headers: Headers,
  isHead: boolean,
): Promise<void> {
  if (response.headersSent || response.destroyed) {
    await answer.body?.cancel();
    return;
  }
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    if (name !== "set-cookie" && !connectionHeader.test(name)) response.setHeader(name, value);
  }
  // Only this keeps several cookies apart.
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  for (const [name, value] of headers) response.setHeader(name, value);

  if (!answer.body) response.end();
  else if (isHead) {
    await answer.body.cancel();
    response.end();
  } else {
    response.flushHeaders();
    await pipeline(chunksOf(answer.body), response);
  }
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // After an end this changes nothing; after a break it tells the function that nobody reads on.
    await reader.cancel().catch(() => {});
  }
}
