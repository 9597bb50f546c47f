import type { ServerResponse } from "node:http";
import type { Headers } from "./router.js";

const connectionHeader = /^(connection|keep-alive|transfer-encoding)$/;

/** Sends the `Response` of a function. Headers of the routes replace the function's. */
export async function sendWebResponse(
  result: Response,
  response: ServerResponse,
  headers: Headers,
  isHead: boolean,
): Promise<void> {
  if (response.headersSent || response.destroyed) {
    await result.body?.cancel();
    return;
  }
  response.statusCode = result.status;
  for (const [name, value] of result.headers) {
    if (name !== "set-cookie" && !connectionHeader.test(name)) response.setHeader(name, value);
  }
  // Iterating over the headers would join several cookies into one.
  const cookies = result.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  for (const [name, value] of headers) response.setHeader(name, value);

  if (!result.body) response.end();
  else if (isHead) {
    await result.body.cancel();
    response.end();
  } else await sendBody(result.body, response);
}

/** Sends the head together with a body that is available immediately, and ahead of any other body. */
async function sendBody(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = body.getReader();
  // Tells the function that its caller has left. After the end of the body, `cancel` has no effect.
  response.once("close", () => void reader.cancel().catch(() => {}));
  // The first chunk may be the whole body, which is then sent with a content-length.
  let held: Uint8Array | undefined;
  const release = (): void => {
    if (isOver(response)) return;
    if (held) response.write(held);
    else response.flushHeaders();
    held = undefined;
  };
  const releaseTimer = setImmediate(release);
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (isOver(response)) return;
      if (!held && !response.headersSent) {
        held = read.value;
        continue;
      }
      if (held) release();
      if (!response.write(read.value)) await drained(response);
    }
    if (!isOver(response)) response.end(held);
  } finally {
    clearImmediate(releaseTimer);
  }
}

/** Writing would fail: the caller has left, or the platform has sent its own response. */
function isOver({ destroyed, writableEnded }: ServerResponse): boolean {
  return destroyed || writableEnded;
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const resume = () => {
      response.off("drain", resume).off("close", resume);
      resolve();
    };
    response.once("drain", resume).once("close", resume);
  });
}
