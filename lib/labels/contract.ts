import * as z from "zod";
import { authEnv, operation } from "../contract.js";
import { pageOf, pageQuery } from "../pagination.js";
import { labelName } from "./names.js";
import { countedLabel, label } from "./shapes.js";

const common = { tag: "labels", auth: "access-token", trips: 1, env: authEnv } as const;

const labelParams = z.strictObject({ id: label.shape.id });

export const listLabels = operation({
  ...common,
  id: "listLabels",
  method: "get",
  path: "/api/labels",
  summary: "List your labels",
  description:
    "Sorted by name. A label exists from its first use until it is deleted, even if no task has it.",
  query: z.strictObject(pageQuery),
  responses: { 200: { description: "A page", body: pageOf(countedLabel).meta({ id: "LabelPage" }) } },
  problems: ["invalid-cursor"],
});

export const getLabel = operation({
  ...common,
  id: "getLabel",
  method: "get",
  path: "/api/labels/{id}",
  summary: "Read a label",
  description: "Without the number of its tasks. Only the list has that.",
  params: labelParams,
  responses: { 200: { description: "The label", body: label } },
  problems: ["not-found"],
});

export const patchLabel = operation({
  ...common,
  id: "patchLabel",
  method: "patch",
  path: "/api/labels/{id}",
  bodyTypes: ["application/json", "application/merge-patch+json"],
  summary: "Rename a label",
  description:
    "Every task with the label, including those in the trash, gets the new name and a new version. The name of another label is refused, because merging two labels cannot be undone.",
  params: labelParams,
  body: z.strictObject({ name: labelName }),
  responses: { 200: { description: "The label", body: label } },
  problems: ["not-found", "label-exists"],
});

export const deleteLabel = operation({
  ...common,
  id: "deleteLabel",
  method: "delete",
  path: "/api/labels/{id}",
  summary: "Delete a label",
  description:
    "Every task with the label, including those in the trash, loses it and gets a new version. Repeating the request succeeds.",
  params: labelParams,
  responses: { 204: { description: "Deleted" } },
  problems: ["not-found"],
});
