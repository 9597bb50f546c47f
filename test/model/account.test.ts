import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../stack/stack.js";
import { goodPassword, newEmail } from "../stack/users.js";
import { adminSteps } from "./admin-steps.js";
import { stepCounts } from "./command.js";
import { beginnings, mailboxSteps } from "./mailbox-steps.js";
import { ownerSteps } from "./owner-steps.js";
import { sessionSteps } from "./session-steps.js";
import { createWorld, expectInvariants } from "./world.js";

/** To repeat a failure, set MODEL_SEED to the seed that it printed. */
const seed = Number(process.env["MODEL_SEED"] ?? Date.now() % 2 ** 31);
const runs = 300;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Two of three lives begin with a confirmed account. The others may never get that far. */
const lives = fc.record({
  beginning: fc.constantFrom(beginnings.signUp, beginnings.confirm, beginnings.confirm),
  steps: fc.array(fc.oneof(...mailboxSteps, ...sessionSteps, ...ownerSteps, ...adminSteps), {
    minLength: 12,
    maxLength: 24,
    size: "max",
  }),
});

test(`an account does what its model says, in ${runs} random lives (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(lives, async ({ beginning, steps }) => {
      const world = await createWorld(stack, newEmail(), goodPassword());
      await fc.asyncModelRun(() => ({ model: world, real: world }), [...beginning, ...steps]);
      await expectInvariants(world);
    }),
    { seed, numRuns: runs },
  );
  for (const [step, count] of stepCounts) expect(count, step).toBeGreaterThan(0);
}, 600_000);
