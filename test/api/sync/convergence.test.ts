import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { commandCounts, createWorld, roundsOfCommands, runRound } from "./concurrent-commands.js";
import { catchUp, listedTasks } from "./replica.js";

/** To repeat a failure, set SYNC_SEED to its seed. Commits may still interleave in another way. */
const seed = Number(process.env["SYNC_SEED"] ?? Date.now() % 2 ** 31);
const runs = 40;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe.skipIf(!hasPostgres())("GET /api/sync among concurrent writers", () => {
  test(`brings clients to the state of the server from any of ${runs} interleavings (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(roundsOfCommands, async (rounds) => {
        const world = await createWorld(stack);
        for (const round of rounds) await runRound(world, round);
        const tasks = await listedTasks(world.person);
        for (const replica of world.replicas) {
          await catchUp(world.person, replica, 3);
          expect(replica.tasks).toEqual(tasks);
        }
        expect((await catchUp(world.person)).tasks).toEqual(tasks);
      }),
      { seed, numRuns: runs, endOnFailure: true },
    );
    for (const [command, count] of commandCounts) expect(count, command).toBeGreaterThan(0);
  });
});
