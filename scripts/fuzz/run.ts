import fc from "fast-check";
import pLimit from "p-limit";
import { type Caller, createCaller, type Sent } from "./caller.js";
import type { Flaw } from "./conformance.js";
import { type Credentials, noCredentials } from "./credentials.js";
import type { Api, Document } from "./document.js";
import { drawCase } from "./draw.js";
import { attempt, type Run } from "./exchange.js";
import { attemptStray, drawStray } from "./methods.js";
import { readDocument } from "./read-document.js";
import { createResources } from "./resources.js";
import { createTally, type Tally } from "./tally.js";

export type Finding = Flaw & { operation: string; sent: Sent; count: number };
export type Outcome = { api: Api; findings: Finding[]; tally: Tally; seconds: number };
export type Options = {
  origin: string;
  document: Document;
  seed: number;
  /** Of all operations together. */
  runs: number;
  credentials?: Credentials;
  /** Whether everything at `origin` is there for the run alone, and may be changed and deleted. */
  ownsAll?: boolean;
  /** Operations to leave out. */
  skip?: string[];
};

/** Operations under test at a time. */
const concurrency = 8;
/** Requests spent on making one finding smaller. */
const shrinkBudget = 40;

type Try<T> = (caller: Caller, drawn: T) => Promise<(Flaw & { sent: Sent }) | undefined>;

/** Tests each operation of a document, and what belongs to none. */
export async function fuzz(options: Options): Promise<Outcome> {
  const { origin, document, seed, runs, credentials = noCredentials, ownsAll = false, skip = [] } = options;
  const from = performance.now();
  const whole = readDocument(document);
  const operations = whole.operations.filter(({ id }) => !skip.includes(id));
  const resources = createResources(operations, ownsAll, credentials.isProtected);
  const run: Run = { api: whole, credentials, resources, tally: createTally() };
  const findings = new Map<string, Finding>();
  const limit = pLimit(concurrency);
  const share = Math.ceil(runs / (operations.length + 1));
  const test = <T>(name: string, arbitrary: fc.Arbitrary<T>, act: Try<T>) =>
    limit(() => search({ origin, name, findings, seed, runs: share }, arbitrary, act));

  await Promise.all([
    ...operations.map((op) =>
      test(`${op.method} ${op.path}`, drawCase(op, whole), (caller, drawn) =>
        attempt(run, caller, op, drawn),
      ),
    ),
    test("no operation", drawStray(run), (caller, drawn) => attemptStray(run, caller, drawn)),
  ]);
  const api = { ...whole, operations };
  return {
    api,
    findings: [...findings.values()],
    tally: run.tally,
    seconds: (performance.now() - from) / 1000,
  };
}

type Search = { origin: string; name: string; findings: Map<string, Finding>; seed: number; runs: number };

/** Goes on after a finding with the runs that are left; the same finding again is only counted. */
async function search<T>(
  { origin, name, findings, seed, runs }: Search,
  arbitrary: fc.Arbitrary<T>,
  act: Try<T>,
): Promise<void> {
  const caller = createCaller(origin);
  for (let left = runs, round = 0; left > 0; round += 1) {
    const shrunk: { to?: Finding; budget: number } = { budget: shrinkBudget };
    const property = fc.asyncProperty(arbitrary, async (drawn) => {
      if (shrunk.to && shrunk.budget-- <= 0) return;
      const flaw = await act(caller, drawn);
      if (!flaw) return;
      const known = findings.get(`${name} ${flaw.check}`);
      if (shrunk.to ? shrunk.to.check !== flaw.check : known) {
        if (known) known.count += 1;
        return;
      }
      shrunk.to = { ...flaw, operation: name, count: 1 };
      throw new Error(flaw.why);
    });
    const details = await fc.check(property, { seed: seed + round, numRuns: left });
    if (details.failed && !shrunk.to)
      throw new Error(`${name}: the fuzz itself has failed`, { cause: details.errorInstance });
    if (shrunk.to) findings.set(`${name} ${shrunk.to.check}`, shrunk.to);
    left -= details.numRuns;
  }
  caller.close();
}
