import { taskFilter } from "../../lib/tasks/list-query.js";
import { maxSearchedRows } from "./excessive-reads.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import { byOwnerOfMany, combine, secondPage, withQuery } from "./request-changes.js";

const listTasks = operationById("listTasks");

const { sort, due } = taskFilter.shape;

const listOfMany = (query: string) =>
  requestCase(listTasks, `of many, ${query}`, combine(byOwnerOfMany, withQuery(query)));

const secondPageOfMany = (query: string) =>
  requestCase(
    listTasks,
    `of many, ${query}, second page`,
    combine(byOwnerOfMany, withQuery(`${query}&limit=50`), secondPage),
  );

/**
 * Each order of the list, from the start and after a cursor. The ids of the owner's tasks follow all others, so in a small
 * table Postgres may read them by the primary key instead of by owner. In a large one, that costs more.
 */
export const sortCases: readonly Case[] = sort
  .unwrap()
  .options.flatMap((order) => [
    listOfMany(`sort=${order}`),
    { ...secondPageOfMany(`sort=${order}`), ...(order === "created" && { maxRows: maxSearchedRows }) },
  ]);

/** Filters, which pass tasks that they leave out. `count` reads all that it counts, so it has no place here. */
export const filterCases: readonly Case[] = [
  ...due.unwrap().options.map((value) => `due=${value}&sort=due`),
  ...due.unwrap().options.map((value) => `due=${value}`),
  "dueBefore=2000-01-01",
  "dueAfter=2300-01-01",
  "priority=3",
  "completedAfter=2300-01-01T00:00:00Z&sort=-updated",
  // A label of every task, one of a few, both, and one that is missing.
  "label=popular",
  "label=label%2020101",
  "label=popular&label=label%2020101",
  "label=nothing",
  // A word of every task, one of a few, and one that is missing.
  "q=water",
  "q=karilone",
  "q=nobody%20here",
].map((query) => ({ ...listOfMany(query), maxRows: maxSearchedRows }));
