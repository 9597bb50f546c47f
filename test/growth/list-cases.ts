import * as z from "zod";
import type { Operation } from "../../lib/contract.js";
import { routes } from "../../lib/routes.js";
import { insertFailedEmail } from "../api/mail/outbox-emails.js";
import { ownerOfMany } from "./population.js";
import { type Case, requestCase } from "./request-case.js";
import { byOwnerOfMany, combine, type RequestChange, secondPage, withQuery } from "./request-changes.js";

/** Lists that count rows of another table. label-cases.ts has them. */
const counting = ["listLabels"];

const isList = (op: Operation) =>
  op.query !== undefined && "cursor" in op.query.shape && !counting.includes(op.id);

/** A list about one resource, which another user does not have. trash-cases.ts has it. */
const ownList = "listTaskRevisions";

/** Parameters of which task-cases.ts has every value. */
const coveredElsewhere = ["due", "sort"];

/** One filter for each other enum among the query parameters, by its last value. */
function filtersOf({ query }: Operation): { name: string; query: string }[] {
  if (!query) return [];
  const { properties = {}, $defs = {} } = z.toJSONSchema(query, { io: "input" });
  return Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property === "boolean" || coveredElsewhere.includes(name)) return [];
    const schema = property.$ref ? $defs[property.$ref.replace("#/$defs/", "")] : property;
    const value = schema?.enum?.at(-1);
    return value === undefined ? [] : [{ name, query: `${name}=${value}` }];
  });
}

/** Lists of admins whose second page needs more than the usual request, by operation id. */
const secondPages: Record<string, RequestChange> = {
  // Earlier requests may have sent the waiting emails.
  listOutbox: async (prepared, stack) => {
    for (let i = 0; i < 3; i += 1) await insertFailedEmail(stack);
    return combine(withQuery("limit=2"), secondPage)(prepared, stack);
  },
  listUserEvents: async (prepared, stack) => {
    const path = prepared.path.replace(/users\/[^/]+/, `users/${await ownerOfMany(stack.sql)}`);
    return secondPage({ ...prepared, path }, stack);
  },
};

/** Users list their own rows, so the owner of many sends the request. Admins list the rows of all users anyway. */
function casesOf(op: Operation): Case[] {
  const filters = filtersOf(op);
  if (op.auth !== "access-token") {
    return [
      requestCase(op, "second page", secondPages[op.id] ?? secondPage),
      ...filters.map(({ name, query }) => requestCase(op, `by ${name}`, withQuery(query))),
    ];
  }
  return [
    requestCase(op, "of many", byOwnerOfMany),
    requestCase(op, "of many, second page", combine(byOwnerOfMany, secondPage)),
    ...filters.flatMap(({ name, query }) => [
      requestCase(op, `of many, by ${name}`, combine(byOwnerOfMany, withQuery(query))),
      requestCase(
        op,
        `of many, by ${name}, second page`,
        combine(byOwnerOfMany, withQuery(`${query}&limit=2`), secondPage),
      ),
    ]),
  ];
}

/** The list that is sorted by position. Each row may be on another page. */
const orderedList = "listProjects";

const lists = routes.filter((op) => isList(op) && op.id !== ownList);

/** Every list of the API that is sorted by creation: by page, and by each filter. */
export const listCases: readonly Case[] = lists.filter(({ id }) => id !== orderedList).flatMap(casesOf);
export const orderedListCases: readonly Case[] = lists
  .filter(({ id }) => id === orderedList)
  .flatMap(casesOf);
