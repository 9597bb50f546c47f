import { labelQuota } from "../../lib/labels/limits.js";
import { taskQuota } from "../../lib/tasks/limits.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import { afterSql, byOwnerOfMany, combine, secondPage, withQuery } from "./request-changes.js";

const listLabels = operationById("listLabels");

/** The request counts all tasks of the owner, who has more here than the quota allows. */
export const labelCountCases: readonly Case[] = [
  requestCase(listLabels, "of many", byOwnerOfMany),
  requestCase(listLabels, "of many, second page", combine(byOwnerOfMany, withQuery("limit=50"), secondPage)),
].map((example) => ({ ...example, maxRows: Number.POSITIVE_INFINITY }));

const withAllLabels = afterSql(
  `insert into labels (id, user_id, name, name_key)
   select uuidv7(), $1, 'Label ' || n, 'label ' || n from generate_series(1, ${labelQuota - 1}) as n`,
);

/** The request of special-requests.ts creates the label "First". */
const withLabelledTasks = afterSql(
  `insert into tasks (id, user_id, title, status, labels)
   select uuidv7(), $1, 'Task', 'todo', array['First'] from generate_series(1, 1000)`,
);

export const labelCases: readonly Case[] = [
  { ...requestCase(listLabels, "with every label allowed", withAllLabels), maxRows: labelQuota * 2 },
  requestCase(operationById("createTask"), "the last label", withAllLabels),
  ...["patchLabel", "deleteLabel"].map((id) => ({
    ...requestCase(operationById(id), "of a thousand tasks", withLabelledTasks),
    // Each task is found, locked and changed, and so is the counter for each.
    maxRows: taskQuota,
  })),
].map((example) => ({ maxRows: labelQuota * 2, ...example }));
