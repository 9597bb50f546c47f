import { randomInt } from "node:crypto";
import fc from "fast-check";
import pLimit from "p-limit";
import { type Api, nameOf, type Operation } from "./document/operation.js";
import { readDocument } from "./document/read-document.js";
import { type Drawn, draw, seedOf } from "./draw.js";
import { GenerationError } from "./generation-error.js";
import type { FuzzOptions } from "./options.js";
import type { Case } from "./request/case.js";
import { casesOf } from "./request/cases-of.js";
import { validBodyValue } from "./request/valid-case.js";
import { attempt } from "./run/attempt.js";
import { warnAboutSecurity } from "./run/authenticate.js";
import { type Connection, createConnection, NoResponseError } from "./run/connection.js";
import { createResources } from "./run/resources.js";
import { firstFlaw, type Run } from "./run/run.js";
import { type Counts, createTally } from "./run/tally.js";
import { attemptUnrouted, type UnroutedRequest, unroutedRequests } from "./run/unrouted.js";
import { type Attempt, createSearch, type ReportedFinding } from "./search.js";
import { createWarnings, type Warning, type Warnings } from "./warnings.js";

export type OperationReport = Counts & { id: string; method: string; path: string };
export type Report = {
  seed: number;
  seconds: number;
  findings: ReportedFinding[];
  operations: OperationReport[];
  /** Requests outside the operations: undocumented methods, unknown paths, consistency checks. */
  otherRequests: number;
  /** Parts of the document that the run does not test fully. */
  warnings: Warning[];
};

/** Operations that are tested concurrently. */
const concurrency = 8;

/**
 * Tests each operation of a document, and requests that do not belong to any. All requests are drawn before the
 * first one is sent.
 * @throws GenerationError when the document describes values that cannot be generated
 */
export async function fuzz(options: FuzzOptions): Promise<Report> {
  const { baseUrl, runs = 1_000, seed = randomInt(2 ** 29), skip = [] } = options;
  const warnings = createWarnings();
  const api = withPrivilegedSchemes(
    readDocument(options.document, warnings),
    options.privilegedSchemes ?? [],
  );
  const operations = api.operations.filter((op) => !skip.includes(op.id) && !skip.includes(nameOf(op)));
  const share = Math.ceil(runs / (operations.length + 1));
  const run: Run = {
    api,
    options,
    callers: options.callers ?? { credential: async () => undefined },
    resources: createResources(operations, options),
    tally: createTally(),
    sampleBodies: new Map(),
    unroutedSchema: options.unroutedError && api.validatorAt(options.unroutedError.schema),
  };
  const plans = operations.map((op) => ({
    op,
    search: createSearch<Case>(
      nameOf(op),
      survive(run, (connection, drawn) => attempt(run, connection, op, drawn)),
    ),
    ...drawCases(run, op, seedOf(seed, api.operations.indexOf(op)), share, warnings),
  }));
  const unrouted = {
    search: createSearch<UnroutedRequest>(
      "unrouted requests",
      survive(run, (connection, drawn) => attemptUnrouted(run, connection, drawn)),
    ),
    others: draw(unroutedRequests(api.operations), seed, share),
  };

  await expectConnection(baseUrl);
  const startedAt = performance.now();
  const connected = createSender(options);
  for (const { search, first } of deletionsLast(plans)) await connected((to) => search.send(first, to));
  const limit = pLimit(concurrency);
  await Promise.all([
    ...plans.map(({ search, others }) => limit(() => connected((to) => search.send(others, to)))),
    limit(() => connected((to) => unrouted.search.send(unrouted.others, to))),
  ]);
  return {
    seed,
    seconds: (performance.now() - startedAt) / 1_000,
    findings: [...plans, unrouted].flatMap(({ search }) => search.findings()),
    operations: operations.map((op) => reportOf(op, run.tally.of(op))),
    otherRequests: run.tally.others(),
    warnings: warnings.list(),
  };
}

/** Adds the role that each privileged scheme requires to the operations that use it. */
function withPrivilegedSchemes(api: Api, privileged: readonly string[]): Api {
  const withRole = ([name, roles]: [string, string[]]) => [
    name,
    privileged.includes(name) ? [...roles, name] : roles,
  ];
  const operations = api.operations.map((op) => ({
    ...op,
    security: op.security.map((needed) => Object.fromEntries(Object.entries(needed).map(withRole))),
  }));
  return { ...api, operations };
}

/**
 * The order of the first requests, which go out one after another, so that each operation finds the resource that it
 * needs: deletions come last, and parts are deleted before the whole. Later requests run concurrently.
 */
const deletionsLast = <P extends { op: Operation }>(plans: P[]): P[] => {
  const isDeletion = ({ op }: P) => op.method === "DELETE";
  const deletions = plans.filter(isDeletion).sort((a, b) => b.op.path.length - a.op.path.length);
  return [...plans.filter((plan) => !isDeletion(plan)), ...deletions];
};

type DrawnCases = { first: Drawn<Case>[]; others: Drawn<Case>[] };

function drawCases(run: Run, op: Operation, seed: number, count: number, warnings: Warnings): DrawnCases {
  try {
    warnAboutSecurity(op, run.api, warnings);
    const { first, all } = casesOf(op, run.api, run.options.errorCodes, warnings);
    const cases = { first: draw(first, seed, 1), others: draw(all, seed, count - 1) };
    if (op.body) {
      const bodies = validBodyValue(op.body, { at: run.api.at, warn: () => {} });
      run.sampleBodies.set(op, JSON.stringify(fc.sample(bodies, { numRuns: 1, seed })[0]));
    }
    return cases;
  } catch (error) {
    throw new GenerationError(nameOf(op), op.pointer, error);
  }
}

/** @throws Error when the service cannot be reached */
async function expectConnection(baseUrl: string): Promise<void> {
  const connection = createConnection(baseUrl);
  try {
    await connection.send({ method: "GET", path: "/", headers: {} });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot connect to ${baseUrl}: ${reason}`, { cause: error });
  } finally {
    connection.close();
  }
}

/** A request without a response is a finding, not the end of the run. */
const survive =
  <T>(run: Run, act: Attempt<T>): Attempt<T> =>
  async (connection, value) => {
    try {
      return await act(connection, value);
    } catch (error) {
      if (!(error instanceof NoResponseError)) throw error;
      const flaw = firstFlaw(run, [{ check: "no-response", why: error.message }]);
      return flaw && { ...flaw, request: error.request };
    }
  };

/** Opens a connection for the requests that `send` sends. */
const createSender =
  ({ baseUrl, rotateLoopbackAddress = false }: FuzzOptions) =>
  async (send: (to: Connection) => Promise<void>): Promise<void> => {
    const connection = createConnection(baseUrl, { rotateLoopbackAddress });
    try {
      await send(connection);
    } finally {
      connection.close();
    }
  };

const reportOf = ({ id, method, path }: Operation, counts: Counts): OperationReport => ({
  id,
  method,
  path,
  ...counts,
});
