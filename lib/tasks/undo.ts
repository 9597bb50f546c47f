import { restoreTask } from "./contract/trash.js";
import { trashDays } from "./limits.js";
import type { Task } from "./shapes.js";

const dayMs = 24 * 3600 * 1000;

/** The request that restores a deleted task. */
export function undoOf({ id, deletedAt }: Pick<Task, "id" | "deletedAt">) {
  if (deletedAt === null) throw new Error("the task is not in the trash");
  return {
    method: "POST" as const,
    href: restoreTask.path.replace("{id}", id),
    expiresAt: new Date(Date.parse(deletedAt) + trashDays * dayMs).toISOString(),
  };
}
