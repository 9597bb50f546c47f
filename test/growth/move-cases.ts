import { taskQuota } from "../../lib/tasks/limits.js";
import { maxSearchedRows } from "./excessive-reads.js";
import { ownerOfMany } from "./population.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import { afterSql, byOwnerOfMany, type RequestChange } from "./request-changes.js";

const moveTask = operationById("moveTask");

/** Tasks, by the share of the tasks that comes before each. */
type Places = { moved: number; after?: number; before?: number };

/** Moves a task of the owner of many. */
const ofMany =
  ({ moved, ...places }: Places): RequestChange =>
  async (request, stack) => {
    const userId = await ownerOfMany(stack.sql);
    const idAt = async (share: number): Promise<string> => {
      const [row] = await stack.sql(
        `select id from tasks where user_id = $1 order by position, id
         offset (select (count(*) - 1) * $2::float8 from tasks where user_id = $1)::int limit 1`,
        [userId, share],
      );
      return String(row?.["id"]);
    };
    const json: Record<string, string> = {};
    for (const [member, share] of Object.entries(places)) json[member] = await idAt(share);
    const prepared = await byOwnerOfMany(request, stack);
    const path = `/api/tasks/${await idAt(moved)}/move`;
    return { ...prepared, path, options: { ...prepared.options, json } };
  };

const variants: [string, Places][] = [
  ["after a task", { moved: 0.2, after: 0.5 }],
  ["before a task", { moved: 0.2, before: 0.5 }],
  ["after a task, before one far away", { moved: 0.2, after: 0.5, before: 0.9 }],
  ["before the first task", { moved: 0.5, before: 0 }],
  ["to the end", { moved: 0.5 }],
  ["to where it is", { moved: 1 }],
];

/** Tasks that share the position of the last one, after which a task moves. */
const withoutRoom = afterSql(
  `insert into tasks (id, user_id, title, status, position)
   select uuidv7(), $1, 'Task', 'todo', (select max(position) from tasks where user_id = $1)
     from generate_series(1, ${taskQuota} - 2)`,
);

/** Repetitions run before the request continues, so those of a slow statement could use up its deadline. */
const once = (example: Case): Case => ({
  ...example,
  analyze: (analyzed, repetitions) => example.analyze(analyzed, Math.min(repetitions, 1)),
});

export const moveCases: readonly Case[] = [
  ...variants.map(([variant, places]) => ({
    ...requestCase(moveTask, `of many, ${variant}`, ofMany(places)),
    maxRows: maxSearchedRows,
  })),
  // Each task is found, locked and changed, and so is the counter for each.
  once({
    ...requestCase(moveTask, "without room in a full account", withoutRoom),
    maxRows: 4 * taskQuota,
  }),
];
