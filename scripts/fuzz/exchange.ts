import type { Caller, Received, Sent } from "./caller.js";
import type { Case } from "./case.js";
import { type Flaw, flawsOf } from "./conformance.js";
import { type Credentials, identify } from "./credentials.js";
import type { Api, Operation } from "./document.js";
import { followUp } from "./follow-up.js";
import type { Resources } from "./resources.js";
import type { Tally } from "./tally.js";
import { judge } from "./verdict.js";

/** What every part of a run shares. */
export type Run = { api: Api; credentials: Credentials; resources: Resources; tally: Tally };

/** One request of the fuzz with its answer. */
export type Exchange = { op: Operation; sent: Sent; answer: Received };

/** Sends what was drawn. Returns the first request that went wrong, and how; undefined: all is well. */
export async function attempt(
  run: Run,
  caller: Caller,
  op: Operation,
  drawn: Case,
): Promise<(Flaw & { sent: Sent }) | undefined> {
  const prepared = await prepare(run, op, drawn);
  if (!prepared) return undefined;
  const { request, sent } = prepared;
  let answer: Received;
  try {
    answer = await caller.send(sent);
  } catch (error) {
    return { check: "no answer", why: `${request.what}: ${error}`, sent };
  }
  run.tally.count(op, request.intent, answer.status);
  run.credentials.keepCookie(op.id, answer.headers.getSetCookie());
  const [flaw] = [...flawsOf(op, answer), ...judge(op, request, answer)];
  if (flaw) return { ...flaw, sent };
  const later = await followUp(run, caller, { op, sent, answer }, request);
  // Only now may others come across it: nobody has changed it meanwhile.
  if (op.method === "DELETE" && answer.status < 300) run.resources.forget(sent.path);
  else if (!later) run.resources.learn(op, answer);
  return later;
}

async function prepare(
  run: Run,
  op: Operation,
  drawn: Case,
): Promise<{ request: Case; sent: Sent } | undefined> {
  const path = pathOf(run, op, drawn);
  const shown = await identify(op, drawn, run.api, run.credentials);
  if (shown === "nothing to show") return undefined;
  const known = drawn.isSupplied && op.body ? await run.credentials.supply(op.id) : undefined;
  const request = { ...drawn, isSupplied: known !== undefined };
  const body = known === undefined ? drawn.body : JSON.stringify(known);
  const headers = { ...drawn.headers, ...shown };
  return { request, sent: { method: op.method, path, headers, body } };
}

function pathOf({ resources }: Run, op: Operation, { path, isKnown, query, pick }: Case): string {
  const filled = op.path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent((path[name] ?? "").toWellFormed()),
  );
  const resource = (isKnown ? resources.pick(op.path, pick) : undefined) ?? filled;
  const text = query.map(([name, value]) =>
    name === "" ? value : `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`,
  );
  return text.length > 0 ? `${resource}?${text.join("&")}` : resource;
}
