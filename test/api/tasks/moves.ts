import { maxPositionLength } from "../../../lib/resources/queries/place.js";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { type CreatedTask, createTask } from "./new-task.js";
import { titlesOf } from "./pages.js";

/** Finds a created task by its title. */
export type Tasks = (title: string) => CreatedTask;

/** Creates a task for each letter of `titles`, in order. */
export async function createTasks(person: TestUser, titles: string): Promise<Tasks> {
  const tasks = new Map<string, CreatedTask>();
  for (const title of titles) tasks.set(title, await createTask(person, { title }));
  return (title) => {
    const task = tasks.get(title);
    if (!task) throw new Error(`no task ${title}`);
    return task;
  };
}

export const move = (
  { client, token }: TestUser,
  { path }: Pick<CreatedTask, "path">,
  places: object,
  headers: Record<string, string> = {},
) => client.post(`${path}/move`, places, { token, headers });

/** Replaces titles by ids, as in `{ after: "a" }`. */
export const placesOf = (tasks: Tasks, places: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(places).map(([member, title]) => [member, tasks(title).task.id]));

/** The titles of all tasks, in order. */
export const orderOf = async (person: TestUser): Promise<string> =>
  (await titlesOf(person, { sort: "position" })).join("");

/** A position that is `spare` characters short of the limit. A position between two adjacent ones is longer than both. */
export const tightPosition = (digit: number, spare = 0): string =>
  `${"a0".padEnd(maxPositionLength - 1 - spare, "V")}${digit}`;

export const setPosition = ({ sql }: Stack, { task }: CreatedTask, position: string) =>
  sql("update tasks set position = $2 where id = $1", [task.id, position]);

export type OrderedRow = { id: string; title: string; position: string; version: number };

/** The rows of a user in their order. */
export const rowsOf = async ({ sql }: Stack, { id }: TestUser): Promise<OrderedRow[]> =>
  (
    await sql("select id, title, position, version from tasks where user_id = $1 order by position, id", [id])
  ).map(({ id, title, position, version }) => ({
    id: String(id),
    title: String(title),
    position: String(position),
    version: Number(version),
  }));
