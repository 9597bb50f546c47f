import fc from "fast-check";
import { generateKeyBetween } from "fractional-indexing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { subtaskQuota } from "../../../lib/tasks/limits.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { catchUp, emptyReplica, listedRows } from "../sync/replica.js";
import { createWorld, runCommand, sequences, successes, type World } from "./placement-commands.js";

/** To repeat a failure, set PLACEMENT_SEED to its seed. */
const seed = Number(process.env["PLACEMENT_SEED"] ?? Date.now() % 2 ** 31);
const runs = 30;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Selects tasks whose parent or project breaks a promise of the API. */
const misplaced = `
  select tasks.* from tasks
    left join tasks as parent on parent.id = tasks.parent_id and parent.user_id = tasks.user_id
                             and parent.project_id is not distinct from tasks.project_id and parent.parent_id is null
    left join projects on projects.id = tasks.project_id and projects.user_id = tasks.user_id
   where tasks.parent_id is not null and parent.id is null
      or tasks.project_id is not null and projects.id is null
      or exists (select from trashed_tasks where trashed_tasks.id = tasks.id)`;

const crowded = `select parent_id from tasks where parent_id is not null group by 1 having count(*) > ${subtaskQuota}`;

async function expectValidPositions({ person }: World): Promise<void> {
  const rows = await stack.sql(
    `select position from tasks where user_id = $1 union all select position from projects where user_id = $1`,
    [person.id],
  );
  // The package throws for an invalid key.
  for (const { position } of rows)
    expect(generateKeyBetween(String(position), null) > String(position)).toBe(true);
}

test(`every task has a valid place, which GET /api/sync returns, after any of ${runs} sequences (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      const world = await createWorld(stack);
      const replica = emptyReplica();
      for (const [i, command] of sequence.entries()) {
        await runCommand(world, command);
        if (i % 4 === 0) await catchUp(world.person, replica, 3);
      }
      expect(await stack.sql(misplaced)).toEqual([]);
      expect(await stack.sql(crowded)).toEqual([]);
      await expectValidPositions(world);
      const { since: _, ...rows } = await catchUp(world.person, replica, 3);
      expect(rows).toEqual(await listedRows(world.person));
    }),
    { seed, numRuns: runs, endOnFailure: true },
  );
  for (const [command, count] of successes) expect(count, command).toBeGreaterThan(0);
});
