import { latchkey } from "../latchkey.js";
import { beforeSignOut } from "../sign-out.js";
import { createTaskList, type TaskList } from "./task-list.js";
import { unsavedTextOf } from "./unsaved-text.js";
import { unsentTasksOf } from "./unsent-tasks.js";

/** Outlives the view, so that typed text survives navigation, and a new sign-in after the session ends. */
let cached: { userId: string; list: TaskList } | undefined;
let lastUserId: string | undefined;

export function taskListOf(userId: string): TaskList {
  if (cached?.userId !== userId) cached = { userId, list: createTaskList(latchkey, userId) };
  return cached.list;
}

latchkey.session.subscribe((session) => {
  if (session.state === "signed-in") lastUserId = session.user.id;
  // After a session that ended by itself, the text waits for the next sign-in.
  if (session.state !== "signed-out" || session.reason !== "signed-out") return;
  cached = undefined;
  if (lastUserId === undefined) return;
  unsentTasksOf(lastUserId).clear();
  unsavedTextOf(lastUserId).clear();
});

addEventListener("online", () => cached?.list.newTasks.resume());
addEventListener("storage", (event) => cached?.list.newTasks.follow(event));

/** Nobody can press Undo any more. */
const finishDeletion = () => cached?.list.deletions.finish();
beforeSignOut.add(finishDeletion);
addEventListener("pagehide", finishDeletion);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") finishDeletion();
});
