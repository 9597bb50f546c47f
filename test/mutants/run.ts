import { parseArgs } from "node:util";
import type { Mutant } from "./mutant.js";
import { mutants } from "./mutants.js";
import type { Outcome } from "./report.js";
import { type Sandbox, withSandboxes } from "./sandbox.js";

/**
 * Sabotages lib/, db/ or api/ at one place at a time, builds, and runs the tests that must fail. Stryker does not fit: it
 * switches mutants on inside the test process, but these tests call bundles in another process. It also ignores SQL,
 * where half of the rules live.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: "string" }, list: { type: "boolean" } } });
  const wanted = (values.only ?? "").toLowerCase();
  const chosen = mutants.filter((mutant) => titleOf(mutant).toLowerCase().includes(wanted));
  if (values.list) return console.log(chosen.map(titleOf).join("\n"));
  if (chosen.length === 0) throw new Error(`no mutant matches ${values.only}`);

  const startedAt = performance.now();
  // Each run creates one template database of a fixed name, so a server that the caller gives serves one sandbox.
  const count = process.env["TEST_DATABASE_URL"] ? 1 : Math.min(2, chosen.length);
  const verdicts = await withSandboxes(count, async (sandboxes) => {
    await requirePassing(sandboxes, chosen);
    const queue = chosen.values();
    return (await Promise.all(sandboxes.map((sandbox) => testMutants(sandbox, queue)))).flat();
  });
  const [killed, survived, invalid] = (["killed", "SURVIVED", "INVALID"] as const).map(
    (verdict) => verdicts.filter((one) => one === verdict).length,
  );
  const summary = `${verdicts.length} mutants: ${killed} killed, ${survived} survived, ${invalid} invalid`;
  console.log(`${summary}, in ${Math.round((performance.now() - startedAt) / 1000)} s`);
  if (killed !== chosen.length) process.exitCode = 1;
}

const titleOf = ({ file, name }: Mutant) => `${file}: ${name}`;

/** A test that fails on its own would kill every mutant. */
async function requirePassing([sandbox]: Sandbox[], chosen: readonly Mutant[]): Promise<void> {
  const tests = [...new Set(chosen.flatMap((mutant) => mutant.tests))].sort();
  const outcome = await sandbox?.test(tests);
  if (outcome?.kind !== "passed") throw new Error(`without a mutant: ${JSON.stringify(outcome)}`);
  console.log(`${tests.length} test files pass without a mutant`);
}

type Verdict = "killed" | "SURVIVED" | "INVALID";

async function testMutants({ sources, test }: Sandbox, queue: Iterable<Mutant>): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const mutant of queue) {
    const startedAt = performance.now();
    const restore = await sources.apply(mutant);
    const outcome = await test(mutant.tests).catch((error: Error) => error);
    await restore();
    if (outcome instanceof Error) {
      // This sandbox would fail for every further mutant. The other one goes on.
      console.error(`a sandbox failed at ${titleOf(mutant)}`, outcome);
      return verdicts;
    }
    const [verdict, why] = judge(mutant, outcome);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${verdict} after ${seconds} s  ${titleOf(mutant)}\n    ${why}`);
    verdicts.push(verdict);
  }
  return verdicts;
}

function judge({ tests }: Mutant, outcome: Outcome): [Verdict, why: string] {
  if (outcome.kind === "passed") return ["SURVIVED", `${tests.join(", ")} did not fail`];
  if (outcome.kind === "broken") return ["INVALID", outcome.why.replaceAll("\n", "\n    ")];
  return ["killed", `by "${outcome.test}": ${outcome.why}`];
}

await main();
