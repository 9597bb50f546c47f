import * as z from "zod";
import { operation } from "../../contract.js";
import { pageOf, pageQuery } from "../../pagination.js";
import { keptChanges } from "../limits.js";
import { taskRevision } from "../revision.js";
import { common } from "./members.js";
import { taskParams } from "./task.js";

export const listTaskRevisions = operation({
  ...common,
  id: "listTaskRevisions",
  method: "get",
  path: "/api/tasks/{id}/history",
  summary: "List the changes of a task",
  description: `Newest first. A task in the trash has its history too. An account keeps its last ${keptChanges.toLocaleString("en")} changes.`,
  params: taskParams,
  query: z.strictObject(pageQuery),
  responses: { 200: { description: "A page", body: pageOf(taskRevision).meta({ id: "TaskRevisionPage" }) } },
  problems: ["not-found", "invalid-cursor"],
});
