import { quotaDetail } from "../http/idempotency.js";
import { taskQuota } from "../tasks/limits.js";
import { labelLimit, referenceRules } from "../tasks/references.js";
import type { ReportedRow } from "./contract.js";
import type { PreparedRow } from "./prepare/file.js";
import type { TaskOutcome } from "./queries/import.js";

type Errors = NonNullable<ReportedRow["errors"]>;

const refused = (pointer: string, message = "is not possible"): Errors => [{ pointer, message }];

/** The errors for tasks that the database refused. */
const refusals: Record<Exclude<TaskOutcome, "created" | "exists" | "deleted">, Errors> = {
  taken: refused("/id", "must not be the id of another row or account; import the file with new ids"),
  project: refused(
    "/projectId",
    "must be one of your projects or one of the file, and there must be room for it",
  ),
  parent: refused("/parentId", referenceRules["parentId"]),
  labels: refused("/labels", labelLimit),
  full: refused("", quotaDetail(taskQuota)),
};

const isRefusal = (outcome: TaskOutcome): outcome is keyof typeof refusals => outcome in refusals;

/** Combines the checks of the rows with the outcomes of the database. */
export function reportRows(
  rows: readonly PreparedRow[],
  tasks: readonly { place: number; id: string; outcome: TaskOutcome }[],
): ReportedRow[] {
  const decided = new Map(tasks.map((task) => [task.place, task]));
  return rows.map(({ outcome, errors, notes }, place): ReportedRow => {
    const task = decided.get(place);
    const known = { row: place + 1, ...(notes && notes.length > 0 ? { notes } : {}) };
    if (!task) return { ...known, id: null, outcome: outcome ?? "refused", ...(errors ? { errors } : {}) };
    return isRefusal(task.outcome)
      ? { ...known, id: null, outcome: "refused", errors: refusals[task.outcome] }
      : { ...known, id: task.id, outcome: task.outcome };
  });
}
