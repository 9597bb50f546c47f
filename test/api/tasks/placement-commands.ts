import fc from "fast-check";
import { uuidv7 } from "uuidv7";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";

/** One account, and the ids of all its projects and tasks so far. */
export type World = { person: TestUser; projects: string[]; tasks: string[] };

export async function createWorld(stack: Stack): Promise<World> {
  const world: World = { person: await seedUser(stack), projects: [], tasks: [] };
  for (const name of ["Garden", "House"]) await createProject(world, name);
  for (const title of ["One", "Two"]) await createTask(world, { title });
  return world;
}

type Command = { name: string; run(world: World): Promise<ApiResponse> };

/** How often each command has succeeded. */
export const successes = new Map<string, number>();

const send = ({ person }: World, method: string, path: string, json?: object) =>
  person.client.send(method, path, { token: person.token, ...(json && { json }) });

async function createProject(world: World, name: string): Promise<ApiResponse> {
  const response = await send(world, "POST", "/api/projects", { name });
  world.projects.push(response.json.id);
  return response;
}

async function createTask(world: World, json: object): Promise<ApiResponse> {
  const response = await send(world, "POST", "/api/tasks", json);
  if (response.status === 201) world.tasks.push(response.json.id);
  return response;
}

/** An index into the list of ids; null: the inbox, or no parent; undefined: the member is absent. */
const reference = fc.option(fc.option(fc.nat({ max: 7 })), { nil: undefined });
const placement = fc.record({ project: reference, parent: reference });
type Placement = { project: number | null | undefined; parent: number | null | undefined };

const idAt = (ids: string[], place: number): string => ids[place % ids.length] ?? uuidv7();
const member = (name: string, ids: string[], place: number | null | undefined) =>
  place === undefined ? {} : { [name]: place === null ? null : idAt(ids, place) };
const membersOf = (world: World, { project, parent }: Placement) => ({
  ...member("projectId", world.projects, project),
  ...member("parentId", world.tasks, parent),
});

const title = "Task";
const daily = { due: { date: "2030-03-25" }, recurrence: { rule: "FREQ=DAILY", from: "due" } };

const command = <T>(
  name: string,
  input: fc.Arbitrary<T>,
  run: (world: World, input: T) => Promise<ApiResponse>,
) => {
  successes.set(name, 0);
  return input.map((value): Command => ({ name, run: (world) => run(world, value) }));
};

const place = fc.nat({ max: 11 });
const placed = fc.record({ place, to: placement });
const taskPath = ({ tasks }: World, at: number) => `/api/tasks/${idAt(tasks, at)}`;

const commands = fc.oneof(
  command("create", fc.record({ to: placement, repeats: fc.boolean() }), (world, { to, repeats }) =>
    createTask(world, { title, ...(repeats && daily), labels: ["Home"], ...membersOf(world, to) }),
  ),
  command("PATCH", placed, (world, { place, to }) =>
    send(world, "PATCH", taskPath(world, place), { priority: 1, ...membersOf(world, to) }),
  ),
  command("PUT", placed, (world, { place, to }) =>
    send(world, "PUT", taskPath(world, place), { title, ...membersOf(world, to) }),
  ),
  command("PUT a new one", placement, async (world, to) => {
    const id = uuidv7();
    const response = await send(world, "PUT", `/api/tasks/${id}`, { title, ...membersOf(world, to) });
    if (response.status === 201) world.tasks.push(id);
    return response;
  }),
  command(
    "move",
    fc.record({ place, to: placement, before: fc.option(place) }),
    (world, { place, to, before }) =>
      send(world, "POST", `${taskPath(world, place)}/move`, {
        ...(before !== null && { before: idAt(world.tasks, before) }),
        ...membersOf(world, to),
      }),
  ),
  command("complete", place, async (world, at) => {
    const response = await send(world, "PATCH", taskPath(world, at), { status: "done" });
    if (response.json?.nextTaskId) world.tasks.push(response.json.nextTaskId);
    return response;
  }),
  command("reopen", place, (world, at) => send(world, "PATCH", taskPath(world, at), { status: "todo" })),
  command("DELETE", place, (world, at) => send(world, "DELETE", taskPath(world, at))),
  command("restore", place, (world, at) => send(world, "POST", `${taskPath(world, at)}/restore`)),
  command("create a project", fc.constant("More"), createProject),
  command(
    "DELETE a project",
    fc.record({ place, tasks: fc.constantFrom("", "?tasks=inbox", "?tasks=delete") }),
    (world, { place, tasks }) =>
      send(world, "DELETE", `/api/projects/${idAt(world.projects, place)}${tasks}`),
  ),
);

export const sequences = fc.array(commands, { minLength: 8, maxLength: 16, size: "max" });

/** The statuses of refused commands: a missing task, a project with tasks, or an invalid placement. */
const refusals = [404, 409, 422];

export async function runCommand(world: World, { name, run }: Command): Promise<void> {
  const { status, text } = await run(world);
  if (status < 300) successes.set(name, (successes.get(name) ?? 0) + 1);
  else if (!refusals.includes(status)) throw new Error(`${name}: ${status} ${text}`);
}
