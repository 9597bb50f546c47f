import { feedLimits, taskQuota } from "../../lib/tasks/limits.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import { afterSql, combine, withHeader } from "./request-changes.js";

const readFeed = operationById("readFeed");

/** Every second task is done, and not in the feed. */
const withAllTasks = afterSql(
  `insert into tasks (id, user_id, title, status, due_date)
   select uuidv7(), $1, 'Task', case n % 2 when 0 then 'done' else 'todo' end, current_date + n
     from generate_series(1, ${taskQuota}) as n`,
);

export const feedCases: readonly Case[] = [
  // The index on due dates finds the first ones without reading the others.
  {
    ...requestCase(readFeed, "with every task allowed", withAllTasks),
    maxRows: 2 * feedLimits.tasks,
  },
  {
    ...requestCase(
      readFeed,
      "unchanged, with every task allowed",
      combine(withAllTasks, withHeader("if-none-match", "*")),
      { status: 304 },
    ),
    maxRows: 1,
  },
];
