import { parseArgs } from "node:util";
import { mutants } from "./list.js";
import type { Mutant } from "./mutant.js";
import { type Place, withPlaces } from "./place.js";
import type { Outcome } from "./run-tests.js";

/**
 * Spoils one line of lib/ or db/ at a time, builds, and runs the tests that must notice. Stryker is not used: it
 * switches mutants on in the process of the tests, while here bundles are tested in another one, and SQL in
 * strings and in migrations, of which it knows nothing, is half of what can break.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: "string" }, list: { type: "boolean" } } });
  const wanted = (values.only ?? "").toLowerCase();
  const chosen = mutants.filter(({ name, file }) => `${file} ${name}`.toLowerCase().includes(wanted));
  if (values.list) return console.log(chosen.map(({ file, name }) => `${file}: ${name}`).join("\n"));
  if (chosen.length === 0) throw new Error(`no mutant is called ${values.only}`);

  const startedAt = performance.now();
  // Runs use one name for their template: two of them cannot share the server that somebody names.
  const hands = process.env["TEST_DATABASE_URL"] ? 1 : Math.min(2, chosen.length);
  const verdicts = await withPlaces(hands, async (places) => {
    await expectGreen(places, chosen);
    const queue = chosen.values();
    return (await Promise.all(places.map((place) => work(place, queue)))).flat();
  });
  const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  const [killed, survived, invalid] = [count("killed"), count("SURVIVED"), count("INVALID")];
  const summary = `${verdicts.length} mutants: ${killed} killed, ${survived} survived, ${invalid} invalid`;
  console.log(`${summary}, in ${Math.round((performance.now() - startedAt) / 1000)} s`);
  if (killed < chosen.length) process.exitCode = 1;
}

/** A test that fails by itself would kill every mutant. */
async function expectGreen([place]: Place[], chosen: readonly Mutant[]): Promise<void> {
  const tests = [...new Set(chosen.flatMap((mutant) => mutant.tests))].sort();
  const outcome = await place?.test(tests);
  if (outcome?.kind !== "green") throw new Error(`without a mutant: ${JSON.stringify(outcome)}`);
  console.log(`${tests.length} test files are green without a mutant`);
}

type Verdict = "killed" | "SURVIVED" | "INVALID";

async function work({ tree, test }: Place, queue: Iterable<Mutant>): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const mutant of queue) {
    const startedAt = performance.now();
    const undo = await tree.apply(mutant);
    const outcome = await test(mutant.tests).catch((error: Error) => error);
    await undo();
    if (outcome instanceof Error) {
      // Not by stopping everything: the other place's mutants are good. This one would spoil all that it took.
      console.error(`a place is given up at ${mutant.file}: ${mutant.name}`, outcome);
      return verdicts;
    }
    const [verdict, how] = judge(mutant, outcome);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${verdict} after ${seconds} s  ${mutant.file}: ${mutant.name}\n    ${how}`);
    verdicts.push(verdict);
  }
  return verdicts;
}

function judge({ tests }: Mutant, outcome: Outcome): [Verdict, how: string] {
  if (outcome.kind === "green") return ["SURVIVED", `${tests.join(", ")} did not notice`];
  if (outcome.kind === "broken") return ["INVALID", outcome.why.replaceAll("\n", "\n    ")];
  return ["killed", `by "${outcome.test}": ${outcome.why}`];
}

await main();
