import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import type { Activity } from "./activity.js";
import type { Incoming } from "./incoming.js";
import type { Launched, NodeHandler, WebHandler } from "./launcher.js";
import { sendPlatformError } from "./platform-error.js";
import { announcesTooLarge, readBody } from "./request-body.js";
import { inRequestContext } from "./request-context.js";
import type { Headers } from "./router.js";
import { sendWebResponse } from "./web-response.js";

/** A request on its way to a function. `incoming.url` is the one the function sees. */
export type Call = {
  incoming: Incoming;
  request: IncomingMessage;
  response: ServerResponse;
  headers: Headers;
  activity: Activity;
};

/** Calls the function and answers with what it returns, or as the platform does when it fails. */
export async function invoke(call: Call, { handler, maxDurationSeconds }: Launched): Promise<void> {
  const { request, response, headers, incoming } = call;
  if (announcesTooLarge(request)) {
    request.resume();
    sendPlatformError(response, "FUNCTION_PAYLOAD_TOO_LARGE", incoming.id, headers);
    return;
  }
  const abort = new AbortController();
  const timer = setTimeout(() => {
    sendPlatformError(response, "FUNCTION_INVOCATION_TIMEOUT", incoming.id, headers);
    abort.abort();
  }, maxDurationSeconds * 1000);
  response.once("close", () => {
    if (!response.writableFinished) abort.abort();
  });
  try {
    if (handler.kind === "node") await callNode(call, handler.node);
    else await callWeb(call, handler.web(incoming.method), abort.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function callWeb(call: Call, handle: WebHandler | undefined, signal: AbortSignal): Promise<void> {
  const { incoming, request, response, headers, activity } = call;
  if (!handle) return sendPlatformError(response, "METHOD_NOT_ALLOWED", incoming.id, headers);
  const body = readBody(request);
  const init: RequestInit & { duplex: "half" } = {
    method: incoming.method,
    headers: incoming.headers,
    body: body?.stream ?? null,
    signal,
    duplex: "half",
  };
  try {
    const answer = await inRequestContext(incoming, activity, async () =>
      handle(new Request(incoming.url, init)),
    );
    if (body?.isTooLarge()) sendPlatformError(response, "FUNCTION_PAYLOAD_TOO_LARGE", incoming.id, headers);
    else if (answer instanceof Response) {
      await sendWebResponse(answer, response, headers, incoming.method === "HEAD");
    } else throw new TypeError("The function did not return a Response.");
  } catch (error) {
    if (signal.aborted) return;
    if (!body?.isTooLarge()) throw error;
    sendPlatformError(response, "FUNCTION_PAYLOAD_TOO_LARGE", incoming.id, headers);
  }
}

async function callNode(
  { incoming, request, response, headers, activity }: Call,
  handle: NodeHandler,
): Promise<void> {
  request.url = incoming.url.pathname + incoming.url.search;
  request.headers = incoming.headers;
  const { writeHead } = response;
  response.writeHead = (...head: unknown[]) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    return Reflect.apply(writeHead, response, head);
  };
  await inRequestContext(incoming, activity, async () => handle(request, response));
  await finished(response).catch(() => {});
}
