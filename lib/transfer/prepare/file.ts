import { setImmediate } from "node:timers/promises";
import { labelKey } from "../../labels/names.js";
import type { ImportRequest, ReportedRow } from "../contract.js";
import type { ImportedProjectRow } from "../queries/imported-projects.js";
import type { ImportedTaskRow } from "../queries/imported-tasks.js";
import type { SourceFile } from "../read/source-file.js";
import { createIdentities } from "./identities.js";
import { createProjects } from "./projects.js";
import { checkTask, taskColumnsOf } from "./task.js";

/** The report on a row before the database decides. Without `outcome`, the row is one of the tasks. */
export type PreparedRow = Pick<ReportedRow, "errors" | "notes"> & { outcome?: "skipped" | "refused" };

export type PreparedFile = { tasks: ImportedTaskRow[]; projects: ImportedProjectRow[]; rows: PreparedRow[] };

/** A rule that never matches takes a few milliseconds. Other requests of the instance get their turn in between. */
const rowsAtOnce = 10;

/** Checks each row of a file. @throws Problem if a project in it is not valid */
export async function prepareFile(
  file: SourceFile,
  { userId, ids, projectId }: Pick<ImportRequest, "ids" | "projectId"> & { userId: string },
): Promise<PreparedFile> {
  const projects = createProjects(file.projects ?? [], userId, ids);
  const identities = createIdentities(userId, ids);
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
      ...(task.id ? identities.of(task.id) : identities.ofRow(row.key ?? JSON.stringify(task))),
      ...projects.of(task.projectId ?? projectId, projectName),
      place,
      parentPlace: row.parentRow ?? null,
      parentId: task.parentId ?? null,
      labels: task.labels ?? [],
      labelKeys: (task.labels ?? []).map(labelKey),
    });
  }
  return { tasks: tasks.map((task) => inFile(task, placesById)), projects: projects.all, rows };
}

/** A parent that is in the file, perhaps after its subtask, may get another id. */
function inFile(task: ImportedTaskRow, placesById: ReadonlyMap<string, number>): ImportedTaskRow {
  const parentPlace = task.parentPlace ?? placesById.get(task.parentId ?? "") ?? null;
  return { ...task, parentPlace, parentId: parentPlace === null ? task.parentId : null };
}
