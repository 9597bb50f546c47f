import { Problem } from "../../problem.js";
import { importLimits } from "../limits.js";

/** A row of a file, before its values are checked. Its members are those of a task in JSON. */
export type SourceTask = {
  task: Record<string, unknown>;
  /** Identifies the row in every version of the file, if the task has no id. */
  uid?: string | undefined;
  /** Identifies it within a project, if it has no `uid`. Without it, the values of the task do. */
  key?: string | undefined;
  /** The row of its parent, from 0. */
  parentRow?: number | undefined;
  /** The name of its project. */
  projectName?: string | undefined;
  /** The parts of the row that were left out. */
  notes?: string[] | undefined;
  /** Whether a recurrence that is not possible here is left out. Otherwise the row is refused. */
  isRecurrenceOptional?: true;
};

/** A row that is not a task, and why. */
type SkippedRow = { skipped: string };

export type SourceRow = SourceTask | SkippedRow;

/** `projects`: not checked either. */
export type SourceFile = { rows: SourceRow[]; projects?: readonly unknown[] };

/** Subtasks have one level here. */
export const deepSubtask = "A subtask of a subtask became one of the task above both.";

/** A file that cannot be read at all. */
export const contentProblem = (message: string): Problem =>
  new Problem("invalid-request", { errors: [{ pointer: "/content", message }] });

/** @throws Problem if the file has more rows, or projects, than an import takes */
export function requireFewRows(rows: readonly unknown[], noun: "rows" | "projects" = "rows"): void {
  const { rows: limit } = importLimits;
  if (rows.length > limit)
    throw contentProblem(`must have at most ${limit.toLocaleString("en")} ${noun}; import it in parts`);
}
