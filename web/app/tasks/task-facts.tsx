import { dueWords, isOverdue } from "./due.js";
import { priorityNames } from "./priority-names.js";
import { statusNames } from "./status-names.js";
import type { Task } from "./task-entry.js";

/** Due date, priority and progress of a task, in words. Colours only repeat them. */
export function TaskFacts({ task }: { task: Task }) {
  const { status, priority, due } = task;
  const isLate = isOverdue(task);
  return (
    <p class="tags">
      {due && (
        <span class={isLate ? "tag error" : "tag"}>
          {isLate ? "Overdue:" : "Due"} {dueWords(task)}
        </span>
      )}
      {priority > 0 && <span class={priority === 3 ? "tag error" : "tag"}>{priorityNames[priority]}</span>}
      {status === "in_progress" && <span class="tag accent">{statusNames[status]}</span>}
    </p>
  );
}
