import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import type { Activity } from "./activity.js";
import type { EdgeRequest } from "./edge-request.js";
import type { LoadedFunction, NodeHandler, WebHandler } from "./load-function.js";
import { sendPlatformError } from "./platform-error.js";
import { announcesTooLarge, readBody } from "./request-body.js";
import { inRequestContext } from "./request-context.js";
import type { Headers } from "./router.js";
import { sendWebResponse } from "./web-response.js";

/** One call of a function. The function gets the URL and the headers of `edgeRequest`, not those of `request`. */
export type Invocation = {
  edgeRequest: EdgeRequest;
  request: IncomingMessage;
  response: ServerResponse;
  headers: Headers;
  activity: Activity;
};

/** Calls a function and sends its response, or the platform's error when it fails. */
export async function invoke(
  invocation: Invocation,
  { handler, maxDurationSeconds }: LoadedFunction,
): Promise<void> {
  const { request, response, headers, edgeRequest } = invocation;
  if (announcesTooLarge(request)) {
    request.resume();
    sendPlatformError(response, "FUNCTION_PAYLOAD_TOO_LARGE", edgeRequest.id, headers);
    return;
  }
  const abort = new AbortController();
  const timer = setTimeout(() => {
    sendPlatformError(response, "FUNCTION_INVOCATION_TIMEOUT", edgeRequest.id, headers);
    abort.abort();
  }, maxDurationSeconds * 1000);
  response.once("close", () => {
    if (!response.writableFinished) abort.abort();
  });
  try {
    if (handler.kind === "node") await callNode(invocation, handler.node);
    else await callWeb(invocation, handler.web(edgeRequest.method), abort.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function callWeb(
  invocation: Invocation,
  handle: WebHandler | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { edgeRequest, request, response, headers, activity } = invocation;
  if (!handle) return sendPlatformError(response, "METHOD_NOT_ALLOWED", edgeRequest.id, headers);
  const body = readBody(request);
  const init: RequestInit & { duplex: "half" } = {
    method: edgeRequest.method,
    headers: edgeRequest.headers,
    body: body?.stream ?? null,
    signal,
    duplex: "half",
  };
  try {
    const result = await inRequestContext(edgeRequest, activity, async () =>
      handle(new Request(edgeRequest.url, init)),
    );
    if (body?.isTooLarge())
      sendPlatformError(response, "FUNCTION_PAYLOAD_TOO_LARGE", edgeRequest.id, headers);
    else if (result instanceof Response) {
      await sendWebResponse(result, response, headers, edgeRequest.method === "HEAD");
    } else throw new TypeError("The function did not return a Response.");
  } catch (error) {
    if (signal.aborted) return;
    if (!body?.isTooLarge()) throw error;
    sendPlatformError(response, "FUNCTION_PAYLOAD_TOO_LARGE", edgeRequest.id, headers);
  }
}

async function callNode(
  { edgeRequest, request, response, headers, activity }: Invocation,
  handle: NodeHandler,
): Promise<void> {
  request.url = edgeRequest.url.pathname + edgeRequest.url.search;
  request.headers = edgeRequest.headers;
  const { writeHead } = response;
  response.writeHead = (...head: unknown[]) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    return Reflect.apply(writeHead, response, head);
  };
  await inRequestContext(edgeRequest, activity, async () => handle(request, response));
  await finished(response).catch(() => {});
}
