import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type AnalyzedStack, startAnalyzedStack } from "./analyzed-stack.js";
import { cases, searches } from "./cases.js";
import { excessiveReads } from "./excessive-reads.js";
import { populate } from "./population.js";

/** Enough rows that the planner prefers an index to a full scan. */
const users = 20_000;

describe.skipIf(inject("shared").postgres === null)(`with ${users} users`, () => {
  let analyzed: AnalyzedStack;
  let problems: string[];
  beforeAll(async () => {
    analyzed = await startAnalyzedStack();
    problems = await populate(analyzed.stack.sql, users);
  }, 120_000);
  afterAll(() => analyzed.stop());
  // Plans on an empty table prove nothing, and sample-rows.test.ts reports the missing values.
  beforeEach(({ skip }) => skip(problems.length > 0, problems.join("\n")));

  test.each([...cases, ...searches])(
    "$title: reads by index and no more rows than a page needs",
    async (example) => {
      for (const trip of await example.analyze(analyzed, 0)) {
        expect(excessiveReads(trip, example.maxRows), trip.statements.join("\n")).toEqual([]);
      }
    },
  );

  test("reports a statement without a suitable index, also inside a function", async () => {
    const reported = async (text: string) =>
      excessiveReads(await analyzed.analyzer.analyze([{ text, params: [] }], 0));
    expect(await reported("select from users where lower(name) = 'nobody'")).toEqual([
      "users: full scan",
      expect.stringMatching(/^users: \d+ rows$/),
      "Seq Scan users",
      expect.stringMatching(/^Seq Scan users: \d+ rows$/),
    ]);
    await analyzed.stack.sql(`create function unserved() returns void language plpgsql as $$
      begin perform from public.sessions where epoch = 7; end $$`);
    expect(await reported("select unserved()")).toContain("sessions: full scan");
    expect(
      await reported("select count(title) from (select title from tasks order by id limit 1000) as t"),
    ).toContain("tasks: 1000 rows");
  });
});
