import type { ServerResponse } from "node:http";
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
  } else await sendBody(answer.body, response);
}

/** A text is there at once and leaves with its head, in one piece; a head does not wait for what comes later. */
async function sendBody(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = body.getReader();
  // After its end this changes nothing; before, it tells the function that nobody reads on.
  response.once("close", () => void reader.cancel().catch(() => {}));
  // The first that is read may be all there is, and is then sent with its length instead of in chunks.
  let held: Uint8Array | undefined;
  const release = (): void => {
    if (isOver(response)) return;
    if (held) response.write(held);
    else response.flushHeaders();
    held = undefined;
  };
  const soon = setImmediate(release);
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
    clearImmediate(soon);
  }
}

/** Its caller has left, or the platform has answered instead: to write now would be an error. */
function isOver({ destroyed, writableEnded }: ServerResponse): boolean {
  return destroyed || writableEnded;
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      response.off("drain", goOn).off("close", goOn);
      resolve();
    };
    response.once("drain", goOn).once("close", goOn);
  });
}
