import { taskQuota } from "../../../lib/tasks/limits.js";
import type { ApiResponse } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { raceOnRows } from "../auth/row-locks.js";
import { insertTasks } from "../quotas/insert-tasks.js";

const racers = Array.from({ length: 50 }, (_, i) => i);

/** Sends 50 concurrent requests of a user whose budget row exists, and unlocks the row once enough of them wait. */
export const raceOfWriter = (stack: Stack, { id }: TestUser, call: (i: number) => Promise<ApiResponse>) =>
  raceOnRows(stack, { select: "select from throttle where $1 <> ''", params: [id], racers: 12 }, () =>
    Promise.all(racers.map(call)),
  );

/** Repeats a request after a 503, like a client: on a busy machine, the last of many writes misses its deadline. */
export async function untilAvailable(send: () => Promise<ApiResponse>): Promise<ApiResponse> {
  const response = await send();
  return response.code === "database-unavailable" ? untilAvailable(send) : response;
}

/** Sends 50 concurrent requests, and repeats each until it succeeds or is refused. They must be safe to repeat. */
export const raceUntilAvailable = (call: (i: number) => Promise<ApiResponse>): Promise<ApiResponse[]> =>
  Promise.all(racers.map((i) => untilAvailable(() => call(i))));

export function outcomesOf(responses: ApiResponse[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, code } of responses) counts[code ?? status] = (counts[code ?? status] ?? 0) + 1;
  return counts;
}

export const bodiesOf = (responses: ApiResponse[]): Set<string> => new Set(responses.map(({ text }) => text));

/** The ids of a user's rows in a table. */
export const idsIn = async ({ sql }: Stack, table: string, { id }: TestUser): Promise<string[]> =>
  (await sql(`select id from ${table} where user_id = $1 order by id`, [id])).map((row) => String(row["id"]));

/** Fills the quota of tasks except for one. */
export async function fillUp(stack: Stack, person: TestUser): Promise<void> {
  const taken = (await idsIn(stack, "tasks", person)).length;
  await insertTasks(stack, person.id, taskQuota - 1 - taken, "Short");
}
