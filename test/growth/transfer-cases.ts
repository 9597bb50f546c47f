import { uuidv7 } from "uuidv7";
import { projectQuota } from "../../lib/projects/limits.js";
import { subtaskQuota, taskQuota } from "../../lib/tasks/limits.js";
import { importLimits, tasksPerPage } from "../../lib/transfer/limits.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import { afterSql, combine, type RequestChange, repeated, withJson, withQuery } from "./request-changes.js";

const [exportTasks, importTasks] = [operationById("exportTasks"), operationById("importTasks")];

const withTasks = (count: number): RequestChange =>
  afterSql(
    `insert into tasks (id, user_id, title, status)
     select uuidv7(), $1, 'Task', 'todo' from generate_series(1, ${count})`,
  );

const withAllProjects = afterSql(
  `insert into projects (id, user_id, name, position)
   select uuidv7(), $1, 'Project ' || n, position_at(n) from generate_series(1, ${projectQuota}) as n`,
);

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** As many rows as a file may have. Each task of `tasks` is one. */
const ofJson = (tasks: (row: number) => Record<string, unknown>): RequestChange =>
  withJson(async () => ({
    format: "json",
    content: JSON.stringify({
      tasks: numbers(importLimits.rows).map((row) => ({ title: `Task ${row}`, ...tasks(row) })),
    }),
  }));

const inProjects = withJson(async () => ({
  format: "csv",
  content: `title,project,labels\n${numbers(importLimits.rows)
    .map((row) => `Task ${row},Project ${(row % projectQuota) + 1},"Garden, Home"`)
    .join("\n")}`,
}));

/** Each task has one subtask, which comes before it. */
function ofFamilies(): RequestChange {
  const parents = numbers(importLimits.rows / 2).map(() => uuidv7());
  return ofJson((row) => (row % 2 === 0 ? { parentId: parents[row / 2] } : { id: parents[(row - 1) / 2] }));
}

/** A task that exists gets as many subtasks as it may have. */
const ofSubtasks: RequestChange = async (request, stack) => {
  const [parent] = await stack.sql(
    `insert into tasks (id, user_id, title, status) values (uuidv7(), $1, 'Parent', 'todo') returning id`,
    [request.person?.id],
  );
  return ofJson((row) => (row < subtaskQuota ? { parentId: parent?.["id"] } : {}))(request, stack);
};

/** Each row is looked for, and each new task reads the last position and its own former state. */
const rowsOfImport = 10 * importLimits.rows;

const importCase = (variant: string, ...changes: RequestChange[]): Case => ({
  ...requestCase(importTasks, `a thousand rows, ${variant}`, combine(...changes)),
  maxRows: rowsOfImport,
});

export const transferCases: readonly Case[] = [
  // The order of a file needs each task once, and each page its own.
  {
    ...requestCase(exportTasks, "every task allowed", withTasks(taskQuota)),
    maxRows: taskQuota,
  },
  {
    ...requestCase(
      exportTasks,
      "every task allowed, first tasks",
      combine(withTasks(taskQuota), withQuery("format=csv")),
      { trips: 2 },
    ),
    maxRows: taskQuota + tasksPerPage,
  },
  importCase(
    "new ones",
    ofJson(() => ({})),
  ),
  importCase(
    "existing ones",
    ofJson(() => ({})),
    repeated,
  ),
  importCase("in every project allowed", withAllProjects, inProjects),
  importCase("in new projects", inProjects),
  importCase("before their parents", ofFamilies()),
  importCase("below one task", ofSubtasks),
  {
    ...requestCase(
      importTasks,
      "a thousand rows, almost every task allowed",
      combine(
        withTasks(taskQuota - importLimits.rows / 2),
        ofJson(() => ({})),
      ),
    ),
    // Counting rows is the price of an exact quota.
    maxRows: taskQuota + rowsOfImport,
  },
];
