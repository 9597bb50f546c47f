import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { cases, searches } from "./cases.js";
import { type ExaminedStack, startExaminedStack } from "./examined-stack.js";
import { excesses } from "./excess.js";
import { populate } from "./population.js";

/** So many that the planner has no reason to read a whole table. */
const users = 20_000;

describe.skipIf(inject("shared").postgres === null)(`with ${users} users`, () => {
  let on: ExaminedStack;
  beforeAll(async () => {
    on = await startExaminedStack();
    await populate(on.stack.sql, users);
  }, 120_000);
  afterAll(() => on.stop());

  test.each([...cases, ...searches])("$title: reads by index, and no more than a page", async (example) => {
    for (const trip of await example.examine(on, 0)) {
      expect(excesses(trip, example.mostRows), trip.statements.join("\n")).toEqual([]);
    }
  });

  test("a statement that no index serves is noticed, in a function too", async () => {
    const noticed = async (text: string) => excesses(await on.examiner.examine([{ text, params: [] }], 0));
    expect(await noticed("select from users where lower(name) = 'nobody'")).toEqual([
      "users: read from end to end",
      expect.stringMatching(/^users: \d+ rows$/),
      "Seq Scan users",
      expect.stringMatching(/^Seq Scan users: \d+ rows$/),
    ]);
    await on.stack.sql(`create function unserved() returns void language plpgsql as $$
      begin perform from public.sessions where epoch = 7; end $$`);
    expect(await noticed("select unserved()")).toContain("sessions: read from end to end");
    expect(
      await noticed("select count(title) from (select title from tasks order by id limit 1000) as t"),
    ).toContain("tasks: 1000 rows");
  });
});
