import { projectQuota } from "../../lib/projects/limits.js";
import { subtaskQuota, taskQuota } from "../../lib/tasks/limits.js";
import { maxSearchedRows } from "./excessive-reads.js";
import { ownerOfMany } from "./population.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import {
  afterSql,
  byOwnerOfMany,
  combine,
  type RequestChange,
  secondPage,
  withQuery,
} from "./request-changes.js";

const [listTasks, patchTask, deleteProject] = [
  operationById("listTasks"),
  operationById("patchTask"),
  operationById("deleteProject"),
];

/** The first project and the first task of the owner of many have its id. */
const ofFirst =
  (query: string): RequestChange =>
  async (request, stack) =>
    withQuery(query.replace("{id}", await ownerOfMany(stack.sql)))(request, stack);

/** Filters by place. A list of the inbox passes the tasks of projects, and one without subtasks passes these. */
export const placementFilterCases: readonly Case[] = [
  "project={id}",
  "project={id}&sort=position",
  "project=inbox",
  "project=inbox&sort=position",
  "parent={id}",
  "parent={id}&sort=position",
  "parent=none",
  "project=inbox&parent=none&sort=position",
]
  .flatMap((query) => [
    requestCase(listTasks, `of many, ${query}`, combine(byOwnerOfMany, ofFirst(query))),
    requestCase(
      listTasks,
      `of many, ${query}, second page`,
      combine(byOwnerOfMany, ofFirst(`${query}&limit=50`), secondPage),
    ),
  ])
  .map((example) => ({ ...example, maxRows: maxSearchedRows }));

const idIn = ({ path }: { path: string }) => path.split("?")[0]?.split("/")[3];

/** The project in the path gets a thousand tasks. */
const withTasks: RequestChange = async (request, { sql }) => {
  await sql(
    `insert into tasks (id, user_id, title, status, project_id)
     select uuidv7(), $1, 'Task', 'todo', $2 from generate_series(1, 1000)`,
    [request.person?.id, idIn(request)],
  );
  return request;
};

/** The task in the path gets as many subtasks as it may have, and goes to another project. */
const withSubtasks: RequestChange = async (request, { sql }) => {
  await sql(
    `insert into tasks (id, user_id, title, status, parent_id)
     select uuidv7(), $1, 'Subtask', 'todo', $2 from generate_series(1, ${subtaskQuota})`,
    [request.person?.id, idIn(request)],
  );
  return request;
};

const toProject: RequestChange = async ({ options, ...request }, { sql }) => {
  const [row] = await sql(
    `insert into projects (id, user_id, name, position) values (uuidv7(), $1, 'Project', 'a0') returning id`,
    [request.person?.id],
  );
  return { ...request, options: { ...options, json: { projectId: row?.["id"] } } };
};

/** The history compares each member of each subtask. */
const maxFamilyRows = 20 * subtaskQuota;

const withManyTasks = afterSql(
  `insert into tasks (id, user_id, title, status)
   select uuidv7(), $1, 'Task', 'todo' from generate_series(1, ${taskQuota - subtaskQuota - 1})`,
);

const withAllProjects = afterSql(
  `insert into projects (id, user_id, name, position)
   select uuidv7(), $1, 'Project', position_at(n) from generate_series(1, ${projectQuota - 1}) as n`,
);

export const projectCases: readonly Case[] = [
  // Counting rows is the price of an exact quota.
  {
    ...requestCase(operationById("createProject"), "the last one", withAllProjects),
    maxRows: projectQuota + 10,
  },
  ...["inbox", "delete"].map((tasks) => ({
    ...requestCase(
      deleteProject,
      `of a thousand tasks, tasks=${tasks}`,
      combine(withTasks, withQuery(`tasks=${tasks}`)),
    ),
    // Each task is found, locked and changed, and so is the counter for each.
    maxRows: taskQuota,
  })),
  {
    ...requestCase(patchTask, "to another project, of many", combine(withManyTasks, withSubtasks, toProject)),
    maxRows: maxFamilyRows,
  },
  {
    ...requestCase(operationById("deleteTask"), "with all subtasks", withSubtasks),
    maxRows: maxFamilyRows,
  },
];
