import type { ApiResponse } from "../../stack/client.js";
import type { TestUser } from "../../stack/users.js";
import { createTask } from "./new-task.js";

export const timeZone = "Europe/Copenhagen";

type Task = ApiResponse["json"];

/** Creates a recurring task. @returns its path */
export const createRecurring = async (
  person: TestUser,
  due: object,
  rule: string,
  members: object = {},
): Promise<string> => (await createTask(person, { due, recurrence: { rule, from: "due" }, ...members })).path;

export const complete = async (person: TestUser, path: string, members: object = {}): Promise<ApiResponse> =>
  person.client.patch(path, { status: "done", ...members }, { token: person.token });

/** The task that follows a completed one; undefined at the end of the series. */
export async function nextOf(person: TestUser, { nextTaskId }: Task): Promise<Task | undefined> {
  if (nextTaskId === null) return undefined;
  const response = await person.client.get(`/api/tasks/${nextTaskId}`, { token: person.token });
  return response.status === 200 ? response.json : undefined;
}

/** Completes the tasks of a series one by one. @returns the given member of each next task, until the series ends */
export async function completeAll(
  person: TestUser,
  path: string,
  member: "due" | "dueAt",
  count: number,
): Promise<unknown[]> {
  const values: unknown[] = [];
  let current: string | undefined = path;
  while (current && values.length < count) {
    const next: Task | undefined = await nextOf(person, (await complete(person, current)).json);
    if (next) values.push(member === "due" ? next.due.date : next[member]);
    current = next && `/api/tasks/${next.id}`;
  }
  return values;
}
