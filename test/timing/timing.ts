import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { mannWhitneyP } from "./mann-whitney.js";
import { knownDifference, type Question, questions } from "./questions.js";

const rounds = 200;
const warmUpRounds = 20;

let stack: Stack;
beforeAll(async () => {
  // Spent email budgets would change what a request does.
  stack = await startStack({ env: { EMAILS_PER_HOUR: "1000000", EMAILS_PER_DAY: "1000000" } });
});
afterAll(() => stack.stop());

/** Milliseconds of each request about each subject. Each round asks about all, beginning with the next one. */
async function measure({ operation, subjects }: Question): Promise<Map<string, number[]>> {
  const times = new Map([...subjects.keys()].map((subject): [string, number[]] => [subject, []]));
  const statuses = new Set<number>();
  const order = [...subjects];
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const [subject, prepare] of order) {
      const ask = await prepare(stack);
      const start = performance.now();
      const { status } = await ask();
      const elapsed = performance.now() - start;
      statuses.add(status);
      if (round >= 0) times.get(subject)?.push(elapsed);
      await stack.waitUntilIdle();
    }
    order.push(...order.splice(0, 1));
  }
  expect(statuses.size, `${operation} is the same for every subject`).toBe(1);
  return times;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Each subject against the first one. */
function compare(times: ReadonlyMap<string, number[]>) {
  const [[, baseline] = ["", []], ...others] = times;
  return others.map(([subject, sample]) => ({
    subject,
    ratio: median(sample) / median(baseline),
    p: mannWhitneyP(baseline, sample),
  }));
}

const rows = ["| request | about | median, of the first | p |", "|---|---|---|---|"];
afterAll(() => console.log(rows.join("\n")));

async function report(question: Question) {
  const compared = compare(await measure(question));
  for (const { subject, ratio, p } of compared)
    rows.push(`| ${question.operation} | ${subject} | ${ratio.toFixed(3)} | ${p.toPrecision(2)} |`);
  return compared;
}

test("finds a difference of one millisecond", async () => {
  const [difference] = await report(knownDifference);
  expect(difference?.p).toBeLessThan(1e-6);
});

// Reports p-values and does not check them: among as many, some are small by chance, and a busy machine adds to that.
test.each(questions)("$operation returns one status whatever it is about", async (question) => {
  await report(question);
});
