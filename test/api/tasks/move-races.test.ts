import pg from "pg";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { waitForBlocked } from "../auth/row-locks.js";
import { isReplay } from "./idempotent-create.js";
import { createTasks, move, orderOf, placesOf, rowsOf, setPosition } from "./moves.js";
import { type CreatedTask, createTask } from "./new-task.js";
import { bodiesOf, outcomesOf, raceOfWriter, untilAvailable } from "./races.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

/** Creates a task for each concurrent request. */
async function fiftyTasks(): Promise<(i: number) => CreatedTask> {
  const tasks: CreatedTask[] = [];
  for (let i = 0; i < 50; i += 1) tasks.push(await createTask(ada, { title: String(i) }));
  return (i) => {
    const task = tasks[i];
    if (!task) throw new Error(`no task ${i}`);
    return task;
  };
}

describe.skipIf(!hasPostgres())("concurrent moves on a real Postgres", () => {
  test.each([
    ["after its first task", { after: "a" }],
    ["before its last task", { before: "b" }],
    ["between both tasks", { after: "a", before: "b" }],
  ])("of 50 tasks into one gap, %s, place all of them there", async (_, places) => {
    const ends = await createTasks(ada, "ab");
    const racer = await fiftyTasks();
    const responses = await raceOfWriter(stack, ada, (i) =>
      untilAvailable(() => move(ada, racer(i), placesOf(ends, places))),
    );
    expect(outcomesOf(responses)).toEqual({ 200: 50 });
    const rows = await rowsOf(stack, ada);
    expect([rows[0]?.title, rows.at(-1)?.title]).toEqual(["a", "b"]);
    expect(new Set(rows.map(({ position }) => position)).size).toBe(52);
    expect(rows.slice(1, -1).every(({ version }) => version > 1)).toBe(true);
  });

  test("of 50 tasks into a gap without room renumber the others once", async () => {
    const ends = await createTasks(ada, "ab");
    const racer = await fiftyTasks();
    for (const title of "ab") await setPosition(stack, ends(title), "a0");
    const responses = await raceOfWriter(stack, ada, (i) =>
      move(ada, racer(i), placesOf(ends, { after: "a" })),
    );
    expect(outcomesOf(responses)).toEqual({ 200: 50 });
    const rows = await rowsOf(stack, ada);
    expect([rows[0], rows.at(-1)]).toMatchObject([
      { title: "a", version: 2 },
      { title: "b", version: 2 },
    ]);
    expect(new Set(rows.map(({ position }) => position)).size).toBe(52);
    // The first task changed once, the others twice.
    expect(rows.slice(1, -1).filter(({ version }) => version === 3)).toHaveLength(49);
  });

  test("with one Idempotency-Key move once; the other 49 are replays", async () => {
    const tasks = await createTasks(ada, "abc");
    const headers = { "idempotency-key": uuidv7() };
    const responses = await raceOfWriter(stack, ada, () =>
      move(ada, tasks("a"), placesOf(tasks, { after: "b" }), headers),
    );
    expect(outcomesOf(responses)).toEqual({ 200: 50 });
    expect(bodiesOf(responses).size).toBe(1);
    expect(responses.filter(isReplay)).toHaveLength(49);
    expect(responses[0]?.json.version).toBe(2);
    expect(await orderOf(ada)).toBe("bac");
  });

  test("with one If-Match move once; the other 49 get 412", async () => {
    const tasks = await createTasks(ada, "abc");
    const responses = await raceOfWriter(stack, ada, () =>
      move(ada, tasks("a"), placesOf(tasks, { after: "b" }), { "if-match": '"1"' }),
    );
    expect(outcomesOf(responses)).toEqual({ 200: 1, "precondition-failed": 49 });
    expect(await orderOf(ada)).toBe("bac");
  });

  test("after a task that is being deleted either come first, or are refused", async () => {
    const racer = await fiftyTasks();
    const responses = await raceOfWriter(stack, ada, (i) => {
      const neighbour = racer(i - (i % 2));
      return i % 2 === 0
        ? ada.client.delete(neighbour.path, { token: ada.token })
        : move(ada, racer(i), { after: racer((i + 49) % 50 === 0 ? 2 : i - 1).task.id });
    });
    const trashed = await stack.sql("select id from trashed_tasks where user_id = $1", [ada.id]);
    expect(trashed).toHaveLength(25);
    const rows = await rowsOf(stack, ada);
    for (const [i, { status, code, json }] of responses.entries()) {
      if (i % 2 === 0) expect(status).toBe(200);
      else if (status === 200) expect(rows).toContainEqual(expect.objectContaining({ id: json.id }));
      else expect(code).toBe("invalid-reference");
    }
  });

  test("that renumber all tasks wait for a writer of one of them, without a deadlock", async () => {
    const tasks = await createTasks(ada, "abcx");
    for (const title of "ab") await setPosition(stack, tasks(title), "a0");
    const writer = new pg.Client({ connectionString: stack.ownerUrl });
    await writer.connect();
    const { failed } = await stack.neon.stats(stack.databaseName);
    try {
      await writer.query("begin");
      const { id } = tasks("c").task;
      await writer.query("select from tasks where id = $1 for no key update", [id]);
      const moved = move(ada, tasks("x"), placesOf(tasks, { after: "a" }));
      await waitForBlocked(stack, 1);
      await writer.query("update tasks set title = 'Theirs', version = version + 1 where id = $1", [id]);
      await writer.query("commit");
      expect((await moved).status).toBe(200);
      // A retry would hide a deadlock.
      expect(await stack.neon.stats(stack.databaseName)).toMatchObject({ failed });
    } finally {
      await writer.end();
    }
    expect(await rowsOf(stack, ada)).toMatchObject(
      ["a", "x", "b", "Theirs"].map((title) => ({ title, version: title === "Theirs" ? 3 : 2 })),
    );
  });
});
