import { sql } from "drizzle-orm";
import type { Patch } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { tasks } from "../../../db/schema/tasks.js";
import type { Created, IdempotencyKey } from "../../http/idempotency.js";
import { labelReference, spelledLabels } from "../../labels/queries/reference.js";
import { type FirstResponse, insertResource } from "../../resources/queries/insert.js";
import type { Reference } from "../../resources/queries/reference.js";
import { selectOwned } from "../../resources/queries/select.js";
import { defineResource, type Referring } from "../../resources/resource.js";
import { rowSchemaOf } from "../../rows.js";
import { type DueColumns, dueColumns } from "../due.js";
import { taskQuota } from "../limits.js";
import { requireRecurrence } from "../recurrence.js";
import { type NewTask, type Task, type TaskChange, task } from "../shapes.js";
import { taskColumns } from "./columns.js";
import { placementColumns, placementReferences, projectOfParent } from "./placement.js";
import { newSeriesColumns, seriesPatch } from "./series.js";

export const taskResource = defineResource(tasks, {
  columns: taskColumns,
  shown: rowSchemaOf(task),
  quota: taskQuota,
});

export const selectTask = (userId: string, id: string): Query<Task> =>
  selectOwned("selectTask", taskResource, userId, id);

type TaskToInsert = { id: string; userId: string; body: NewTask };

/** The references of a task: its labels, project and parent. */
export const referencesOf = (
  { userId, id }: { userId: string; id: string },
  { labels = [], ...placement }: Pick<TaskChange, "labels" | "projectId" | "parentId">,
): Reference[] => [
  ...(labels.length > 0 ? [labelReference(userId, labels)] : []),
  ...placementReferences({ userId, id }, placement),
];

const labelsColumn = (labels: readonly string[]) => (labels.length > 0 ? spelledLabels : sql`'{}'::text[]`);

/**
 * The columns of a new task, and its references. A task that is created as done counts as completed at its creation, and has
 * no follow-up.
 */
export async function newTaskRow({ userId, id }: { userId: string; id: string }, body: NewTask) {
  const { due = null, priority = 0, deadline = null, recurrence = null, labels = [], ...others } = body;
  const { projectId, parentId, ...members } = others;
  await requireRecurrence(recurrence, due);
  const planned = { ...(await dueColumns(due)), ...newSeriesColumns(recurrence, due), nextTaskId: null };
  const columns = { ...members, parentId: parentId ?? null, priority, deadline, ...planned };
  return {
    first: {
      labels: labelsColumn(labels),
      position: sql`last_task_position(${userId}::uuid)`,
      projectId: parentId ? projectOfParent : sql`${projectId ?? null}::uuid`,
    },
    references: referencesOf({ userId, id }, body),
    values: ({ createdAt, ...first }: FirstResponse) => ({
      ...columns,
      ...first,
      completedAt: body.status === "done" ? createdAt : null,
    }),
  };
}

export async function insertTask(
  { id, userId, body }: TaskToInsert,
  key: IdempotencyKey | undefined,
): Promise<Query<Created<Task> & Referring>> {
  return insertResource(
    "insertTask",
    taskResource,
    { id, userId, ...(await newTaskRow({ userId, id }, body)) },
    key,
  );
}

/** A task that is already done keeps its time of completion. */
const completedAt = (status: Task["status"]) =>
  status === "done" ? sql`coalesce(current_row.completed_at, now())` : null;

/** An equal instant keeps the version of the rules that it has: it is not a change. */
const dueChange = ({ dueAt, dueRules, ...columns }: DueColumns): Patch<typeof tasks> => ({
  ...columns,
  dueAt,
  dueRules: sql`case when current_row.due_at = ${dueAt}::timestamptz then current_row.due_rules else ${dueRules}::text end`,
});

/** The columns that a change sets, as SQL that may use `current_row`. */
export async function patchOf(body: TaskChange): Promise<Patch<typeof tasks>> {
  const { due, recurrence, labels, projectId, parentId, ...change } = body;
  return {
    ...change,
    ...placementColumns({ projectId, parentId }),
    ...(labels === undefined ? {} : { labels: labelsColumn(labels) }),
    ...(due === undefined ? {} : dueChange(await dueColumns(due))),
    ...(recurrence === undefined ? {} : seriesPatch(recurrence, due)),
    ...(change.status ? { completedAt: completedAt(change.status) } : {}),
  };
}
