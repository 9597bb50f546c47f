import { setImmediate } from "node:timers/promises";
import { labelKey } from "../../labels/names.js";
import type { ImportRequest, ReportedRow } from "../contract.js";
import type { ImportedProjectRow } from "../queries/imported-projects.js";
import type { ImportedTaskRow } from "../queries/imported-tasks.js";
import type { SourceFile, SourceTask } from "../read/source-file.js";
import { createIdAllocator } from "./identities.js";
import { createProjects } from "./projects.js";
import { type CheckedTask, checkTask, taskColumnsOf } from "./task.js";

/** The report on a row before the database decides. A row without `outcome` is one of the tasks. */
export type PreparedRow = Pick<ReportedRow, "errors" | "notes"> & { outcome?: "skipped" | "refused" };

export type PreparedFile = { tasks: ImportedTaskRow[]; projects: ImportedProjectRow[]; rows: PreparedRow[] };

type CheckedRow = Extract<CheckedTask, { task: unknown }>;

/** Checking a rule that never matches takes a few milliseconds, so other requests get a turn after this number of rows. */
const rowsAtOnce = 10;

/** Checks each row of a file. @throws Problem `invalid-request` if one of its projects is invalid */
export async function prepareFile(
  file: SourceFile,
  { userId, ids, projectId }: Pick<ImportRequest, "ids" | "projectId"> & { userId: string },
): Promise<PreparedFile> {
  const projects = createProjects(file.projects ?? [], userId, ids);
  const identities = createIdAllocator(userId, ids);
  const placesById = new Map<string, number>();
  const tasks: ImportedTaskRow[] = [];
  const rows: PreparedRow[] = [];
  for (const [place, row] of file.rows.entries()) {
    if (place % rowsAtOnce === 0) await setImmediate();
    if ("skipped" in row) {
      rows.push({ outcome: "skipped", notes: [row.skipped] });
      continue;
    }
    const checked = await checkTask(row);
    if ("errors" in checked) {
      rows.push({ outcome: "refused", ...checked });
      continue;
    }
    const { task, projectName, notes } = checked;
    if (task.id && !placesById.has(task.id)) placesById.set(task.id, place);
    rows.push({ notes });
    tasks.push({
      ...(await taskColumnsOf(task)),
      ...(task.id ? identities.of(task.id) : identities.ofRow(keyOf(row, checked, projectId))),
      ...projects.of(task.projectId ?? projectId, projectName),
      place,
      parentPlace: row.parentRow ?? null,
      parentId: task.parentId ?? null,
      labels: task.labels ?? [],
      labelKeys: (task.labels ?? []).map(labelKey),
    });
  }
  const located = tasks.map((task) => inFile(task, placesById));
  return { tasks: located.map((task) => withoutRefusedParent(task, rows)), projects: projects.all, rows };
}

/** Rows with the same values are different tasks if they go to different projects. */
const keyOf = (
  { uid, key }: SourceTask,
  { task, projectName }: CheckedRow,
  projectId: string | null,
): string => uid ?? JSON.stringify([key ?? task, projectName ?? projectId]);

/** Refers to a parent in the file by its place, because it may get another id. It may come after its subtask. */
function inFile(task: ImportedTaskRow, placesById: ReadonlyMap<string, number>): ImportedTaskRow {
  const parentPlace = task.parentPlace ?? placesById.get(task.parentId ?? "") ?? null;
  return { ...task, parentPlace, parentId: parentPlace === null ? task.parentId : null };
}

/** Not a UUIDv7, so no task has it. */
const missingId = "00000000-0000-0000-0000-000000000000";

/** A refused parent is missing. Its subtask is refused too, so that another import with both can create it in its place. */
const withoutRefusedParent = (task: ImportedTaskRow, rows: readonly PreparedRow[]): ImportedTaskRow =>
  task.parentPlace !== null && rows[task.parentPlace]?.outcome !== undefined
    ? { ...task, parentPlace: null, parentId: missingId }
    : task;
