import fc from "fast-check";
import { uuidv7 } from "uuidv7";
import { tombstoneDays } from "../../../lib/tasks/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { runCron } from "../mail/outbox-rows.js";
import { emptyReplica, pullPage, type Replica } from "./replica.js";

const replicaCount = 3;
const taskCount = 4;

/** One account: the ids of its tasks, and clients that synchronize. */
export type World = { stack: Stack; person: TestUser; ids: string[]; replicas: Replica[] };

export async function createWorld(stack: Stack): Promise<World> {
  const person = await seedUser(stack);
  const ids = Array.from({ length: taskCount }, () => uuidv7());
  return { stack, person, ids, replicas: Array.from({ length: replicaCount }, emptyReplica) };
}

type Command = { name: string; run(world: World): Promise<unknown> };

/** How often each command has run. */
export const commandCounts = new Map<string, number>();

const outcomes = (...expected: number[]) => expected;

function request(
  name: string,
  method: string,
  pathOf: (id: string) => string,
  { title, statuses }: { title?: string; statuses: number[] },
): fc.Arbitrary<Command> {
  commandCounts.set(name, 0);
  return fc.nat({ max: taskCount - 1 }).map((place) => ({
    name,
    async run({ person, ids }) {
      const response = await person.client.send(method, pathOf(ids[place] ?? ""), {
        token: person.token,
        ...(title && { json: { title: `${title} ${uuidv7()}` } }),
      });
      requireStatus(name, response, statuses);
    },
  }));
}

function requireStatus(name: string, { status, text }: ApiResponse, expected: number[]): void {
  if (!expected.includes(status)) throw new Error(`${name}: ${status} ${text}`);
}

const command = (name: string, run: Command["run"]): fc.Arbitrary<Command> => {
  commandCounts.set(name, 0);
  return fc.constant({ name, run });
};

const taskPath = (id: string) => `/api/tasks/${id}`;
const any = { statuses: outcomes(200, 404) };

/** A writer that changes a task and then keeps its transaction open for a while. */
const slowChange = fc.nat({ max: taskCount - 1 }).map((place) => ({
  name: "slow change",
  run: ({ stack, ids }: World) =>
    stack.sql(
      `with changed as (update tasks set title = 'Theirs', version = version + 1 where id = $1 returning id)
       select pg_sleep(0.02) from changed`,
      [ids[place]],
    ),
}));
commandCounts.set("slow change", 0);

const purge = command("purge", async ({ stack, person }) => {
  const age = `update tombstones set deleted_at = now() - make_interval(days => $2, mins => 1) where user_id = $1`;
  await stack.sql(age, [person.id, tombstoneDays]);
  requireStatus("purge", await runCron(stack), outcomes(200));
});

commandCounts.set("pull", 0);
const pull = fc
  .record({ place: fc.nat({ max: replicaCount - 1 }), limit: fc.integer({ min: 1, max: 3 }) })
  .map(({ place, limit }) => ({
    name: "pull",
    replica: place,
    run: async ({ person, replicas }: World) => {
      const replica = replicas[place];
      if (replica) await pullPage(person, replica, limit);
    },
  }));

const commands = fc.oneof(
  { weight: 2, arbitrary: request("PUT", "PUT", taskPath, { title: "Put", statuses: [200, 201, 404] }) },
  { weight: 2, arbitrary: request("PATCH", "PATCH", taskPath, { title: "Patched", ...any }) },
  { weight: 3, arbitrary: request("DELETE", "DELETE", taskPath, any) },
  { weight: 3, arbitrary: request("restore", "POST", (id) => `${taskPath(id)}/restore`, any) },
  {
    weight: 1,
    arbitrary: request("create", "POST", () => "/api/tasks", { title: "New", statuses: [201] }),
  },
  { weight: 1, arbitrary: slowChange },
  {
    weight: 1,
    arbitrary: command("empty trash", ({ person }) =>
      person.client.delete("/api/trash", { token: person.token }),
    ),
  },
  { weight: 1, arbitrary: purge },
  { weight: 6, arbitrary: pull },
);

type PlannedCommand = Command & { replica?: number };

/** Rounds of commands. Those of one round run concurrently. */
export const roundsOfCommands: fc.Arbitrary<PlannedCommand[][]> = fc
  .array(fc.array(commands, { minLength: 2, maxLength: 6, size: "max" }), {
    minLength: 4,
    maxLength: 10,
    size: "max",
  })
  .map((rounds) => rounds.map(onePullPerReplica));

/** A client requests one page at a time. */
const onePullPerReplica = (round: PlannedCommand[]): PlannedCommand[] =>
  round.filter(
    ({ replica }, index) =>
      replica === undefined || round.findIndex((other) => other.replica === replica) === index,
  );

export async function runRound(world: World, round: PlannedCommand[]): Promise<void> {
  // Budgets have their own tests.
  await world.stack.sql("delete from throttle");
  for (const { name } of round) commandCounts.set(name, (commandCounts.get(name) ?? 0) + 1);
  await Promise.all(round.map(({ run }) => run(world)));
}
