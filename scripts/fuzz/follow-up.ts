import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { Caller, Received, Sent } from "./caller.js";
import type { Case } from "./case.js";
import { type Flaw, parse } from "./conformance.js";
import { identify } from "./credentials.js";
import { matches, type Operation } from "./document.js";
import type { Exchange, Run } from "./exchange.js";
import { validValue } from "./values.js";

type Finding = (Flaw & { sent: Sent }) | undefined;
type Send = (sent: Sent) => Promise<Received>;

/** What must be true after this answer: a second look at the same resource. */
export async function followUp(
  run: Run,
  caller: Caller,
  exchange: Exchange,
  request: Case,
): Promise<Finding> {
  const { op, sent, answer } = exchange;
  const send = (next: Sent) => {
    run.tally.countOther();
    return caller.send(next);
  };
  if (answer.status === 201 && answer.headers.has("location")) return locationLeadsThere(run, send, exchange);
  if (op.method === "DELETE" && answer.status < 300) return deletedIsGone(run, send, exchange, request);
  if (op.method !== "GET" || answer.status >= 400) return undefined;
  if (request.asksHead) return headIsLikeGet(send, sent, answer);
  return nextPageIsThere(send, exchange);
}

async function locationLeadsThere(run: Run, send: Send, { sent, answer }: Exchange): Promise<Finding> {
  const { pathname: path } = new URL(answer.headers.get("location") ?? "", "http://localhost");
  const read = run.api.operations.find((op) => op.method === "GET" && matches(op.path, path));
  if (!read) return undefined;
  const next = { method: "GET", path, headers: callerOf(sent) };
  const found = await send(next);
  if (found.status === 200 && isDeepStrictEqual(parse(found.text), parse(answer.text))) return undefined;
  return {
    check: "created, and not at Location",
    why: `GET ${path}: ${found.status} ${found.text.slice(0, 300)}`,
    sent,
  };
}

async function deletedIsGone(run: Run, send: Send, { op, sent }: Exchange, request: Case): Promise<Finding> {
  const path = sent.path.split("?")[0] ?? "";
  for (const other of run.api.operations.filter(({ path: template }) => template === op.path)) {
    const shown = await identify(other, { ...request, identity: "own" }, run.api, run.credentials);
    if (shown === "nothing to show") continue;
    const headers: Record<string, string> = { ...shown, ...typeOf(other) };
    const next = { method: other.method, path, headers, body: someBody(run, other) };
    const found = await send(next);
    if (found.status !== 404) {
      return { check: "deleted, and not gone", why: `${other.method} ${path}: ${found.status}`, sent: next };
    }
  }
  return undefined;
}

const typeOf = ({ body }: Operation): Record<string, string> =>
  body?.mediaTypes[0] === undefined ? {} : { "content-type": body.mediaTypes[0] };

const someBody = (run: Run, { body }: Operation): string | undefined =>
  body && JSON.stringify(fc.sample(validValue(body.schema, run.api.resolve), 1)[0]);

async function headIsLikeGet(send: Send, sent: Sent, get: Received): Promise<Finding> {
  const next = { ...sent, method: "HEAD" };
  const head = await send(next);
  const type = ({ headers }: Received) => headers.get("content-type");
  if (head.status === get.status && head.text === "" && type(head) === type(get)) return undefined;
  // Another part of the run may have changed it in between.
  const again = await send(sent);
  if (again.status !== get.status) return undefined;
  return {
    check: "HEAD is not like GET",
    why: `${head.status} ${type(head)} instead of ${get.status} ${type(get)}`,
    sent: next,
  };
}

async function nextPageIsThere(send: Send, { op, sent, answer }: Exchange): Promise<Finding> {
  const { nextCursor } = (parse(answer.text) ?? {}) as { nextCursor?: unknown };
  if (typeof nextCursor !== "string" || !op.parameters.some(({ name }) => name === "cursor"))
    return undefined;
  const url = new URL(sent.path, "http://localhost");
  url.searchParams.set("cursor", nextCursor);
  const next = { ...sent, path: url.pathname + url.search };
  const { status } = await send(next);
  return status === 200 ? undefined : { check: "next page is not there", why: `${status}`, sent: next };
}

/** The headers that show who calls. */
const callerOf = ({ headers }: Sent): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => name === "authorization" || name === "cookie"),
  );
