import { pointerErrors } from "../../http/validation.js";
import { Problem } from "../../problem.js";
import { newProject } from "../../projects/shapes.js";
import { dueColumns } from "../../tasks/due.js";
import { newSeriesColumns } from "../../tasks/queries/series.js";
import { requireRecurrence } from "../../tasks/recurrence.js";
import type { ReportedRow } from "../contract.js";
import type { SourceTask } from "../read/source-file.js";
import { type ImportedTask, importedTask } from "./imported-task.js";

type Errors = NonNullable<ReportedRow["errors"]>;
type Notes = NonNullable<ReportedRow["notes"]>;

export type CheckedTask =
  | { task: ImportedTask; projectName?: string | undefined; notes: Notes }
  | { errors: Errors; notes: Notes };

/** Errors that the report has for one row. */
const maxErrors = 5;

const recurrenceLeftOut = "The recurrence was left out.";

/** Checks the values of a row. If its recurrence is optional and invalid, it is left out. */
export async function checkTask(row: SourceTask): Promise<CheckedTask> {
  const { task: given, projectName, notes = [], isRecurrenceOptional } = row;
  if (isRecurrenceOptional && !importedTask.shape.recurrence.safeParse(given["recurrence"]).success) {
    return checkTask({ ...row, task: { ...given, recurrence: null }, notes: [...notes, recurrenceLeftOut] });
  }
  const parsed = importedTask.safeParse(given);
  const name = newProject.shape.name.optional().safeParse(projectName);
  if (!parsed.success || !name.success) {
    const errors = [
      ...(parsed.error ? pointerErrors(parsed.error) : []),
      ...(name.error
        ? pointerErrors(name.error).map(({ message }) => ({ pointer: "/project", message }))
        : []),
    ];
    return { errors: errors.slice(0, maxErrors), notes };
  }
  const errors = await recurrenceErrors(parsed.data);
  if (errors.length === 0) return { task: parsed.data, projectName: name.data, notes };
  if (!isRecurrenceOptional) return { errors, notes };
  const task = { ...parsed.data, recurrence: null };
  return { task, projectName: name.data, notes: [...notes, recurrenceLeftOut] };
}

async function recurrenceErrors({ recurrence, due = null }: ImportedTask): Promise<Errors> {
  try {
    await requireRecurrence(recurrence, due);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { errors = [] } = error.options;
    const located = errors.flatMap((part) => ("pointer" in part ? [part] : []));
    // `due-date-required` names no member.
    return located.length > 0
      ? located
      : [{ pointer: "/due", message: "is required while the task repeats" }];
  }
}

/** The columns that do not depend on other rows. `createdAt`: null if the file does not have it. */
export async function taskColumnsOf(task: ImportedTask) {
  const { title, description, status, priority = 0, deadline = null, due = null, recurrence = null } = task;
  return {
    title,
    description,
    status,
    priority,
    deadline,
    ...(await dueColumns(due)),
    ...newSeriesColumns(recurrence, due),
    ...(recurrence?.start === undefined ? {} : { recurrenceStart: recurrence.start }),
    ...(recurrence?.occurrence === undefined ? {} : { recurrenceOccurrence: recurrence.occurrence }),
    completedAt: status === "done" ? (task.completedAt ?? null) : null,
    createdAt: task.createdAt ?? null,
  };
}
