import { fillTemplate, type Operation } from "../document/operation.js";
import type { Case } from "../request/case.js";
import { conformanceFlaws } from "../response/conformance.js";
import { verdictOf } from "../response/verdict.js";
import { authenticate } from "./authenticate.js";
import type { Connection, HttpRequest } from "./connection.js";
import { checkConsistency } from "./consistency.js";
import { customFlaws, type Finding, firstFlaw, type Run } from "./run.js";

/** Sends one request, and checks the response and its consequences. */
export async function attempt(
  run: Run,
  connection: Connection,
  op: Operation,
  drawn: Case,
): Promise<Finding | undefined> {
  const prepared = await prepare(run, op, drawn);
  if (!prepared) return undefined;
  const { usesKnownBody, request } = prepared;
  // A known body settles whether the values are valid, but not whether another site may send them.
  const intent = usesKnownBody && drawn.intent === "uncertain" ? "valid" : drawn.intent;
  const sent: Case = { ...drawn, usesKnownBody, intent };
  const response = await connection.send(request);
  run.tally.count(op, sent.intent, response.status);
  run.callers.storeCookies?.(op.id, response.headers.getSetCookie());
  const rules = { api: run.api, errorCodes: run.options.errorCodes };
  const flaw = firstFlaw(run, [
    ...conformanceFlaws(op, response),
    ...customFlaws(run, response),
    ...verdictOf(rules, op, sent, response),
  ]);
  if (flaw) return { ...flaw, request };
  const inconsistency = await checkConsistency(run, connection, { op, request, response }, sent);
  // Shared only now: other operations could have changed the resource during the check.
  if (op.method === "DELETE" && response.status < 300) run.resources.forget(request.path);
  else if (!inconsistency) run.resources.learn(op, request.path, response);
  return inconsistency;
}

async function prepare(
  run: Run,
  op: Operation,
  drawn: Case,
): Promise<{ usesKnownBody: boolean; request: HttpRequest } | undefined> {
  const { usesKnownResource, usesKnownBody, choice } = drawn;
  const resource = usesKnownResource || usesKnownBody ? run.resources.pick(op.path, choice) : undefined;
  const path = pathOf(op, drawn, resource);
  // A known body is valid only for an existing resource, so with a random path, its refusal would prove nothing.
  const hasResource = resource !== undefined || !op.path.includes("{");
  const known = usesKnownBody && op.body && hasResource ? await run.options.validBody?.(op.id) : undefined;
  const body = known === undefined ? drawn.body : JSON.stringify(known);
  const credentials = await authenticate(run, op, { ...drawn, body });
  if (!credentials) return undefined;
  const headers = { ...drawn.headers, ...credentials };
  return { usesKnownBody: known !== undefined, request: { method: op.method, path, headers, body } };
}

function pathOf(op: Operation, request: Case, resource: string | undefined): string {
  const encode = (text: string) => encodeURIComponent(text.toWellFormed());
  const path = resource ?? fillTemplate(op.path, (name) => encode(request.path[name] ?? ""));
  const query = request.query.map(([name, value]) =>
    name === "" ? value : `${encode(name)}=${encode(value)}`,
  );
  return query.length > 0 ? `${path}?${query.join("&")}` : path;
}
