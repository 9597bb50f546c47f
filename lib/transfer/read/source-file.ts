import { Problem } from "../../problem.js";
import { importLimits } from "../limits.js";

/** A row of a file, before validation. `task` has the members of a task in JSON. */
export type SourceTask = {
  task: Record<string, unknown>;
  /** Identifies a row without an id in every version of the file. */
  uid?: string | undefined;
  /** Identifies a row without a `uid` within its project. Without a key, the values of the task identify it. */
  key?: string | undefined;
  /** The row of its parent, from 0. */
  parentRow?: number | undefined;
  /** The name of its project. */
  projectName?: string | undefined;
  /** The parts of the row that were left out. */
  notes?: string[] | undefined;
  /** Whether an unsupported recurrence is left out. Otherwise it makes the row invalid. */
  isRecurrenceOptional?: true;
};

/** A row that is not a task. `skipped` tells the user why. */
type SkippedRow = { skipped: string };

export type SourceRow = SourceTask | SkippedRow;

/** A file before validation, including its `projects`. */
export type SourceFile = { rows: SourceRow[]; projects?: readonly unknown[] };

/** The note on deeper levels, because there is only one level of subtasks. */
export const deepSubtask = "A subtask of a subtask became one of the task above both.";

/** The problem of a file that cannot be read as a whole. */
export const contentProblem = (message: string): Problem =>
  new Problem("invalid-request", { errors: [{ pointer: "/content", message }] });

/** @throws Problem if the file has more rows, or projects, than an import takes */
export function requireFewRows(rows: readonly unknown[], noun: "rows" | "projects" = "rows"): void {
  const { rows: limit } = importLimits;
  if (rows.length > limit)
    throw contentProblem(`must have at most ${limit.toLocaleString("en")} ${noun}; import it in parts`);
}
