import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { move, orderOf, tightPosition } from "./moves.js";
import { createTask } from "./new-task.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Task = { title: string; id: string; path: string; position: string };

/** The listed tasks in order, and those in the trash. The title of a new task is the next letter. */
type Model = { person: TestUser; listed: Task[]; trashed: Task[] };

const titleOf = (place: number) => String.fromCharCode("A".charCodeAt(0) + place);

const pick = <T>(items: readonly T[], choice: number): T | undefined => items[choice % items.length];

async function create({ person, listed, trashed }: Model): Promise<void> {
  const title = titleOf(listed.length + trashed.length);
  const { path, task } = await createTask(person, { title });
  listed.push({ title, path, id: task.id, position: task.position });
}

type Form = (others: Task[], place: number) => { after?: string | undefined; before?: string | undefined };
const forms: Form[] = [
  (others, place) => (place > 0 ? { after: others[place - 1]?.id } : { before: others[0]?.id }),
  (others, place) => (place < others.length ? { before: others[place]?.id } : {}),
  (others, place) => ({
    after: others[place - 1]?.id,
    before: (place > 0 ? others.at(-1) : others[0])?.id,
  }),
];

async function moveTo({ person, listed }: Model, choice: number, share: number, form: number): Promise<void> {
  const task = pick(listed, choice);
  if (!task || listed.length < 2) return;
  listed.splice(listed.indexOf(task), 1);
  const place = Math.round(share * listed.length);
  // After the last task, there is no task to name as `before`.
  const places = place === listed.length ? {} : (pick(forms, form)?.(listed, place) ?? {});
  expect((await move(person, task, places)).status).toBe(200);
  listed.splice(place, 0, task);
}

async function remove({ person, listed, trashed }: Model, choice: number): Promise<void> {
  const task = pick(listed, choice);
  if (!task) return;
  listed.splice(listed.indexOf(task), 1);
  trashed.push(task);
  await person.client.delete(task.path, { token: person.token });
}

/** A task in the trash keeps its position, so others may have moved before or after it since. */
async function restore({ person, listed, trashed }: Model, choice: number): Promise<void> {
  const task = pick(trashed, choice);
  if (!task) return;
  trashed.splice(trashed.indexOf(task), 1);
  const { json } = await person.client.post(`${task.path}/restore`, undefined, { token: person.token });
  expect(json.position).toBe(task.position);
  const next = listed.findIndex(({ position, id }) =>
    position === task.position ? id > task.id : position > task.position,
  );
  listed.splice(next < 0 ? listed.length : next, 0, task);
}

/** Removes the room between all tasks, in the same order, so that the next move renumbers them. */
async function squeeze({ person, listed }: Model): Promise<void> {
  for (const [place, task] of listed.slice(0, 9).entries()) {
    task.position = tightPosition(place);
    await stack.sql("update tasks set position = $2 where id = $1", [task.id, task.position]);
  }
  expect(await orderOf(person)).toBe(listed.map(({ title }) => title).join(""));
}

/** A move may have renumbered all tasks. */
async function readPositions({ listed, person }: Model): Promise<void> {
  const rows = await stack.sql("select id, position from tasks where user_id = $1", [person.id]);
  for (const { id, position } of rows) {
    const task = listed.find((one) => one.id === id);
    if (task) task.position = String(position);
  }
}

const command = fc.record({
  name: fc.constantFrom("create", "move", "move", "move", "remove", "restore", "squeeze"),
  choice: fc.nat(20),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  form: fc.nat(2),
});

test("after any sequence of changes, the order equals that of a model list", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 15 }), async (commands) => {
      const model: Model = { person: await seedUser(stack), listed: [], trashed: [] };
      for (let i = 0; i < 4; i += 1) await create(model);
      for (const { name, choice, share, form } of commands) {
        if (name === "create") await create(model);
        else if (name === "move") await moveTo(model, choice, share, form);
        else if (name === "remove") await remove(model, choice);
        else if (name === "restore") await restore(model, choice);
        else await squeeze(model);
        await readPositions(model);
        expect(await orderOf(model.person)).toBe(model.listed.map(({ title }) => title).join(""));
      }
    }),
    { numRuns: 30 },
  );
}, 120_000);
