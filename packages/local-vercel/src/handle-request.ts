import type { IncomingMessage, ServerResponse } from "node:http";
import type { Deployment } from "./deployment.js";
import { type EdgeRequest, type Geo, readEdgeRequest } from "./edge-request.js";
import { invoke } from "./invoke.js";
import { isLoopbackHost } from "./loopback-host.js";
import { sendPlatformError } from "./platform-error.js";
import { forward } from "./proxy.js";
import { type Outcome, route } from "./router.js";
import type { Site } from "./site.js";
import { sendStaticFile } from "./static-file.js";

/** A web `Request` cannot have these methods. */
const forbiddenMethods = new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * Vercel adds instances under load and throttles at its limit; this process is the only instance. A request takes two
 * of the usual 1,024 file descriptors, one for its own connection and one for the database's.
 */
const maxInvocations = 512;
let invocations = 0;

export type RequestSettings = {
  /** Path prefixes that another server answers. */
  proxy: Record<string, string>;
  /** Whether a Host header may name another machine. */
  hosts: "loopback" | "any";
  /** Where callers seem to be. */
  geo?: Geo | undefined;
};

type Exchange = { request: IncomingMessage; response: ServerResponse };

/** Responds from the current deployment, or from another server for the path prefixes in `proxy`. */
export async function handleRequest(
  site: Site,
  { proxy, hosts, geo }: RequestSettings,
  exchange: Exchange,
): Promise<void> {
  const { request, response } = exchange;
  const deployment = site.current();
  const end = deployment.activity.begin();
  const edgeRequest = readEdgeRequest(request, geo);
  try {
    if (!edgeRequest) sendPlatformError(response, "BAD_REQUEST");
    else if (hosts === "loopback" && !isLoopbackHost(edgeRequest.url.host)) {
      sendPlatformError(response, "HOST_NOT_LOOPBACK", edgeRequest.id);
    } else if (forbiddenMethods.has(edgeRequest.method)) {
      sendPlatformError(response, "METHOD_NOT_ALLOWED", edgeRequest.id);
    } else {
      const origin = proxyOrigin(proxy, edgeRequest.url.pathname);
      if (origin === undefined) await serve(deployment, edgeRequest, exchange);
      else await forward(origin, edgeRequest, request, response);
    }
  } catch (error) {
    console.error(error);
    sendPlatformError(response, "INTERNAL_SERVER_ERROR", edgeRequest?.id);
  } finally {
    if (response.closed) end();
    else response.once("close", end);
  }
}

function proxyOrigin(proxy: Record<string, string>, path: string): string | undefined {
  const match = Object.entries(proxy).find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`));
  return match?.[1];
}

async function serve(deployment: Deployment, edgeRequest: EdgeRequest, exchange: Exchange): Promise<void> {
  const { response } = exchange;
  const outcome = route(deployment, edgeRequest);
  const { headers } = outcome;
  response.setHeader("x-vercel-id", edgeRequest.id);
  if (outcome.kind === "status") return sendStatus(outcome, edgeRequest, response);
  if (outcome.entry.kind === "function") {
    const { directory } = outcome.entry;
    return callFunction(deployment, directory, outcome, edgeRequest, exchange);
  }
  if (edgeRequest.method !== "GET" && edgeRequest.method !== "HEAD") {
    return sendPlatformError(response, "METHOD_NOT_ALLOWED", edgeRequest.id, headers);
  }
  return sendStaticFile(edgeRequest, response, outcome.entry, headers, outcome.status);
}

async function callFunction(
  deployment: Deployment,
  directory: string,
  { headers, query }: Extract<Outcome, { kind: "entry" }>,
  edgeRequest: EdgeRequest,
  exchange: Exchange,
): Promise<void> {
  if (invocations >= maxInvocations) {
    exchange.request.resume();
    return sendPlatformError(exchange.response, "FUNCTION_THROTTLED", edgeRequest.id, headers);
  }
  const { activity } = deployment;
  const routedRequest = { ...edgeRequest, url: withQuery(edgeRequest.url, query) };
  invocations += 1;
  // Counted until the response closes: a function whose caller has left may never return.
  exchange.response.once("close", () => {
    invocations -= 1;
  });
  try {
    const loaded = await deployment.load(directory);
    await invoke({ ...exchange, edgeRequest: routedRequest, headers, activity }, loaded);
  } catch (error) {
    console.error(error);
    sendPlatformError(exchange.response, "FUNCTION_INVOCATION_FAILED", edgeRequest.id, headers);
  }
}

/** Keeps the caller's query byte by byte; a route adds only parameters that the caller did not set. */
function withQuery(url: URL, query: URLSearchParams): URL {
  const added = new URLSearchParams([...query].filter(([name]) => !url.searchParams.has(name)));
  if (added.size === 0) return url;
  const search = url.search ? `${url.search}&${added}` : `?${added}`;
  return new URL(url.origin + url.pathname + search);
}

function sendStatus(
  { status, headers }: Extract<Outcome, { kind: "status" }>,
  edgeRequest: EdgeRequest,
  response: ServerResponse,
): void {
  if (status === 404) {
    sendPlatformError(response, "NOT_FOUND", edgeRequest.id, headers);
    return;
  }
  for (const [name, value] of headers) response.setHeader(name, value);
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.writeHead(status).end(status >= 300 && status < 400 ? "Redirecting...\n" : undefined);
}
