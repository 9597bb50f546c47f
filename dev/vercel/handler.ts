import type { IncomingMessage, ServerResponse } from "node:http";
import type { Generation } from "./generation.js";
import { type Incoming, readIncoming } from "./incoming.js";
import { invoke } from "./invoke.js";
import { sendPlatformError } from "./platform-error.js";
import { proxy } from "./proxy.js";
import { type Outcome, route } from "./router.js";
import type { Site } from "./site.js";
import { sendStaticFile } from "./static-file.js";

/** A web `Request` cannot have these methods. */
const forbiddenMethods = new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * Vercel starts more instances when one is full, and throttles when it may not. This is the one instance that there
 * is: of its 1,024 file descriptors a request takes two, its own and that of its trip to the database.
 */
const maxInvocations = 512;
let invocations = 0;

type Exchange = { request: IncomingMessage; response: ServerResponse };

/** Answers a request with what `site` holds at its start; paths below /dev come from `devOrigin`. */
export async function handle(site: Site, devOrigin: string | undefined, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const generation = site.current();
  const end = generation.activity.begin();
  const incoming = readIncoming(request);
  try {
    if (!incoming) sendPlatformError(response, "BAD_REQUEST");
    else if (forbiddenMethods.has(incoming.method)) {
      sendPlatformError(response, "METHOD_NOT_ALLOWED", incoming.id);
    } else if (devOrigin !== undefined && /^\/dev(\/|$)/.test(incoming.url.pathname)) {
      await proxy(devOrigin, incoming, request, response);
    } else await serve(generation, incoming, exchange);
  } catch (error) {
    console.error(error);
    sendPlatformError(response, "INTERNAL_SERVER_ERROR", incoming?.id);
  } finally {
    if (response.closed) end();
    else response.once("close", end);
  }
}

async function serve(generation: Generation, incoming: Incoming, exchange: Exchange): Promise<void> {
  const { response } = exchange;
  const outcome = route(generation, incoming);
  const { headers } = outcome;
  response.setHeader("x-vercel-id", incoming.id);
  if (outcome.kind === "status") return sendStatus(outcome, incoming, response);
  if (outcome.entry.kind === "function") {
    const { directory } = outcome.entry;
    return callFunction(generation, directory, outcome, incoming, exchange);
  }
  if (incoming.method !== "GET" && incoming.method !== "HEAD") {
    return sendPlatformError(response, "METHOD_NOT_ALLOWED", incoming.id, headers);
  }
  return sendStaticFile(incoming, response, outcome.entry, headers, outcome.status);
}

async function callFunction(
  generation: Generation,
  directory: string,
  { headers, query }: Extract<Outcome, { kind: "entry" }>,
  incoming: Incoming,
  exchange: Exchange,
): Promise<void> {
  if (invocations >= maxInvocations) {
    exchange.request.resume();
    return sendPlatformError(exchange.response, "FUNCTION_THROTTLED", incoming.id, headers);
  }
  const { activity } = generation;
  const seen = { ...incoming, url: withQuery(incoming.url, query) };
  invocations += 1;
  // Not when the function ends: one that has lost its caller may never.
  exchange.response.once("close", () => {
    invocations -= 1;
  });
  try {
    const launched = await generation.launch(directory);
    await invoke({ ...exchange, incoming: seen, headers, activity }, launched);
  } catch (error) {
    console.error(error);
    sendPlatformError(exchange.response, "FUNCTION_INVOCATION_FAILED", incoming.id, headers);
  }
}

/** What the caller wrote stays as it is, byte by byte; a route only adds what the caller did not set. */
function withQuery(url: URL, query: URLSearchParams): URL {
  const added = new URLSearchParams([...query].filter(([name]) => !url.searchParams.has(name)));
  if (added.size === 0) return url;
  const search = url.search ? `${url.search}&${added}` : `?${added}`;
  return new URL(url.origin + url.pathname + search);
}

function sendStatus(
  { status, headers }: Extract<Outcome, { kind: "status" }>,
  incoming: Incoming,
  response: ServerResponse,
): void {
  if (status === 404) {
    sendPlatformError(response, "NOT_FOUND", incoming.id, headers);
    return;
  }
  for (const [name, value] of headers) response.setHeader(name, value);
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.writeHead(status).end(status >= 300 && status < 400 ? "Redirecting...\n" : undefined);
}
