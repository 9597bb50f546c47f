import { isDeepStrictEqual } from "node:util";
import { matchesTemplate, nameOf, type Operation } from "../document/operation.js";
import type { Case } from "../request/case.js";
import type { Check } from "../response/checks.js";
import { excerpt } from "../response/conformance.js";
import { parseJson } from "../response/media-type.js";
import { authenticate } from "./authenticate.js";
import { type Connection, type HttpRequest, type HttpResponse, locationPath } from "./connection.js";
import type { Finding, Run } from "./run.js";

/** A request to an operation with its response. */
type Exchange = { op: Operation; request: HttpRequest; response: HttpResponse };
type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** Sends a follow-up request to check the effect of the first one. */
export async function checkConsistency(
  run: Run,
  connection: Connection,
  exchange: Exchange,
  sent: Case,
): Promise<Finding | undefined> {
  const { op, response } = exchange;
  const send: Send = (next) => {
    run.tally.countOther();
    return connection.send(next);
  };
  const isChecked = (check: Check) => !run.options.ignore?.includes(check);
  if (response.status === 201 && response.headers.has("location")) {
    return isChecked("created-not-found") ? checkCreated(run, send, exchange) : undefined;
  }
  if (op.method === "DELETE" && response.status < 300) {
    const isRepeatable = [op.id, nameOf(op)].some((name) => run.options.repeatableDeletions?.includes(name));
    return isChecked("deleted-not-gone") && !isRepeatable
      ? checkDeleted(run, send, exchange, sent)
      : undefined;
  }
  if (op.method !== "GET" || response.status >= 400) return undefined;
  if (sent.checksHead) return isChecked("head-differs") ? checkHead(send, exchange) : undefined;
  return isChecked("next-page-missing") ? checkNextPage(run, send, exchange) : undefined;
}

async function checkCreated(
  run: Run,
  send: Send,
  { request, response }: Exchange,
): Promise<Finding | undefined> {
  const location = response.headers.get("location") ?? "";
  const path = locationPath(run.options.baseUrl, request.path, location);
  const read = run.api.operations.find((op) => op.method === "GET" && path && matchesTemplate(op.path, path));
  if (!read || path === undefined) return undefined;
  const found = await send({ method: "GET", path, headers: credentialsOf(run, request) });
  const isSame = isDeepStrictEqual(parseJson(found.text), parseJson(response.text));
  if (found.status === 200 && (isSame || response.text === "")) return undefined;
  return { check: "created-not-found", why: `GET ${path}: ${found.status} ${excerpt(found.text)}`, request };
}

async function checkDeleted(
  run: Run,
  send: Send,
  { op, request }: Exchange,
  sent: Case,
): Promise<Finding | undefined> {
  const path = request.path.split("?")[0] ?? "";
  for (const other of run.api.operations.filter((one) => one.path === op.path)) {
    const credentials = await authenticate(run, other, { ...sent, identity: "valid" });
    if (!credentials) continue;
    const known = other.body && (await run.options.validBody?.(other.id));
    const body = known === undefined ? run.sampleBodies.get(other) : JSON.stringify(known);
    const type = other.body?.mediaTypes[0];
    const headers = { ...credentials, ...(type === undefined ? {} : { "content-type": type }) };
    const next = { method: other.method, path, headers, body };
    const { status } = await send(next);
    if (status !== 404 && status !== 410) {
      return { check: "deleted-not-gone", why: `${other.method} ${path}: ${status}`, request: next };
    }
  }
  return undefined;
}

async function checkHead(send: Send, { request, response: get }: Exchange): Promise<Finding | undefined> {
  const headRequest = { ...request, method: "HEAD" };
  const head = await send(headRequest);
  const type = ({ headers }: HttpResponse) => headers.get("content-type");
  if (head.status === get.status && head.text === "" && type(head) === type(get)) return undefined;
  // Another operation may have changed the resource since.
  const again = await send(request);
  if (again.status !== get.status) return undefined;
  const why = `${head.status} ${type(head)} instead of ${get.status} ${type(get)}`;
  return { check: "head-differs", why, request: headRequest };
}

async function checkNextPage(
  run: Run,
  send: Send,
  { op, request, response }: Exchange,
): Promise<Finding | undefined> {
  const parameters = Object.entries(run.options.nextPage?.(parseJson(response.text)) ?? {});
  const isKnown = parameters.every(([name]) => op.parameters.some((one) => one.name === name));
  if (parameters.length === 0 || !isKnown) return undefined;
  const [path = "", query] = request.path.split("?");
  const search = new URLSearchParams(query);
  for (const [name, value] of parameters) search.set(name, value);
  const next = { ...request, path: `${path}?${search}` };
  const { status } = await send(next);
  return status === 200 ? undefined : { check: "next-page-missing", why: `${status}`, request: next };
}

/** The headers that authenticate a request. */
const credentialsOf = ({ api }: Run, { headers }: HttpRequest): HttpRequest["headers"] => {
  const names = ["authorization", "cookie", ...Object.values(api.securitySchemes).map(keyHeader)];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
};

const keyHeader = (scheme: { in?: string; name?: string }): string =>
  scheme.in === "header" && scheme.name ? scheme.name.toLowerCase() : "";
