import { sql } from "drizzle-orm";
import * as z from "zod";
import { columnNames, jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { tasks } from "../../../db/schema/tasks.js";
import type { Target } from "../../resources/queries/change.js";
import { hasRoom, newRow } from "../../resources/queries/insert.js";
import {
  arePossible,
  insertedReferences,
  lookups,
  refusedMember,
} from "../../resources/queries/reference.js";
import { isUsedId } from "../../sync/queries/used-id.js";
import type { NewTask, TaskChange } from "../shapes.js";
import { taskColumns } from "./columns.js";
import { newTaskRow, taskResource } from "./tasks.js";
import { changeTask, type Step, selectUpdated, updated } from "./update.js";

const putRow = updated.extend({ isCreated: z.boolean() });

/** A subtask without a project in the request joins the project of its parent. */
const projectOf = (projectId: NewTask["projectId"], parentId: NewTask["parentId"]) =>
  projectId === undefined && parentId ? {} : { projectId: projectId ?? null };

/** The change that replaces a task: absent members get the defaults of a new task. */
export const replacing = ({
  due = null,
  priority = 0,
  deadline = null,
  recurrence = null,
  labels = [],
  projectId,
  parentId = null,
  ...body
}: NewTask): TaskChange => ({
  ...body,
  due,
  priority,
  deadline,
  recurrence,
  labels,
  ...projectOf(projectId, parentId),
  parentId,
});

/**
 * Replaces the task, or creates it. Returns no row if the id cannot be used, and a row without a task if the user has no
 * room for it.
 */
export async function putTaskRow(
  target: Target,
  body: NewTask,
  step: Step | null,
  { mayCreate }: { mayCreate: boolean },
): Promise<Query<z.output<typeof putRow>>> {
  const { id, userId } = target;
  const { references, first, values } = await newTaskRow(target, body);
  const row = newRow(tasks, { userId, values }, sql`${id}::uuid`, { createdAt: sql`now()`, ...first });
  const canCreate = sql`${mayCreate} and not (${isUsedId(sql`${id}::uuid`)})`;
  const isWritten = sql`(exists (select from changed_row) or exists (select from new_row))`;
  return {
    name: "putTask",
    statement: sql`
    with ${lookups(references)} ${await changeTask(target, replacing(body), step)},
    new_row as (
      insert into tasks (${columnNames(tasks)})
      select ${row} where ${canCreate} and ${hasRoom(taskResource, userId)} and ${arePossible(references)}
      returning *
    )
    ${insertedReferences(references, isWritten)}
    select changed.*, false as "isCreated" from (${selectUpdated(target, replacing(body))}) as changed
    union all
    select case when ${arePossible(references)} then 'applied' else 'refused' end, ${refusedMember(references)},
           (select ${jsonObject(taskColumns, "new_row")} from new_row), null, null, true where ${canCreate}`,
    rowSchema: putRow,
  };
}
