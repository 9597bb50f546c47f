import { render } from "../../db/render.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { type Position, writePosition } from "../../lib/pagination.js";
import { taskQuota } from "../../lib/tasks/limits.js";
import { listQuery, type TaskSort, taskFilter } from "../../lib/tasks/list-query.js";
import { sorts } from "../../lib/tasks/queries/sorts.js";
import { authEnv } from "../stack/seed.js";
import { maxSearchedRows } from "./excessive-reads.js";
import { ownerOfMany } from "./population.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import { byOwnerOfMany, combine, type RequestChange, withQuery } from "./request-changes.js";

const listTasks = operationById("listTasks");

const { sort, due } = taskFilter.shape;

const listOfMany = (query: string) =>
  requestCase(listTasks, `of many, ${query}`, combine(byOwnerOfMany, withQuery(query)));

/** The page after the task in the middle of the list. */
const deepPage =
  (order: TaskSort): RequestChange =>
  async (request, stack) => {
    const userId = await ownerOfMany(stack.sql);
    const { cursor: _, limit: __, count: ___, ...filter } = listQuery.parse({ sort: order });
    const { key } = sorts[order];
    const sortKey = key ? render(key.value).sql : null;
    const [row] = await stack.sql(
      `select id, (${sortKey})::text as "sortKey" from tasks where user_id = $1 order by ${sortKey ? `${sortKey}, id` : "id"}
       offset (select count(*) / 2 from tasks where user_id = $1) limit 1`,
      [userId],
    );
    const scope = ["tasks", userId, JSON.stringify(filter)];
    const cursor = writePosition(keyRing(authEnv(stack).AUTH_SECRET), scope, row as Position);
    return withQuery(`sort=${order}&cursor=${cursor}`)(request, stack);
  };

/**
 * Each order of the list, from the start and in the middle. The ids of the owner's tasks follow all others, so in a small
 * table Postgres may read them by the primary key instead of by owner. In a large one, that costs more.
 */
export const sortCases: readonly Case[] = sort.unwrap().options.flatMap((order) => [
  listOfMany(`sort=${order}`),
  {
    ...requestCase(listTasks, `of many, sort=${order}, deep`, combine(byOwnerOfMany, deepPage(order))),
    ...(order === "created" && { maxRows: maxSearchedRows }),
  },
]);

/** Filters that Postgres expects to find few tasks. It reads all that they find, and sorts them: at most the quota. */
const sortedMatches = ["due=upcoming", "label=popular"];

/** Filters, which pass tasks that they leave out. `count` reads all that it counts, so it has no place here. */
export const filterCases: readonly Case[] = [
  ...due.unwrap().options.map((value) => `due=${value}&sort=due`),
  ...due.unwrap().options.map((value) => `due=${value}`),
  "dueBefore=2000-01-01",
  "dueAfter=2300-01-01",
  "priority=3",
  "completedAfter=2300-01-01T00:00:00Z&sort=-updated",
  // A label of a tenth of the tasks, one of a few, both, and one that is missing.
  "label=popular",
  "label=label%2020101",
  "label=popular&label=label%2020101",
  "label=nothing",
  // A word of every task, one of a few, and one that is missing.
  "q=water",
  "q=karilone",
  "q=nobody%20here",
].map((query) => ({
  ...listOfMany(query),
  maxRows: sortedMatches.includes(query) ? taskQuota : maxSearchedRows,
}));
