import * as z from "zod";
import { newProject } from "../../projects/shapes.js";
import { instant } from "../../schemas.js";
import { clientIdRule, isClientId } from "../../tasks/client-id.js";
import { newTask } from "../../tasks/shapes.js";
import { fileTask } from "../shapes.js";

const dayMs = 24 * 3600 * 1000;

/** In lower case, as Postgres prints it: the places of parents are looked up by text. */
const anyId = z.uuid().toLowerCase();

const id = anyId.refine((value) => isClientId(value), clientIdRule);

/** UUIDv7 cannot express a time before 1970. A client's clock may be a day ahead, as for ids. */
export const moment = instant.refine((value) => {
  const ms = Date.parse(value);
  return ms >= 0 && ms <= Date.now() + dayMs;
}, "must be from 1970 to a day ahead");

const { start, occurrence } = fileTask.shape.recurrence.unwrap().shape;

const recurrence = newTask.shape.recurrence
  .unwrap()
  .unwrap()
  .extend({ start: start.optional(), occurrence: occurrence.optional() })
  .nullable()
  .optional();

/** A task in a file. Ignores other members, such as `version`, which an import does not set. */
export const importedTask = z.object({
  ...newTask.shape,
  recurrence,
  id: id.optional(),
  projectId: anyId.nullable().optional(),
  parentId: anyId.nullable().optional(),
  completedAt: moment.nullable().optional(),
  createdAt: moment.optional(),
});
export type ImportedTask = z.output<typeof importedTask>;

export const importedProject = z.object({
  ...newProject.shape,
  id,
  archivedAt: moment.nullable().optional(),
  createdAt: moment.optional(),
});
export type ImportedProject = z.output<typeof importedProject>;
