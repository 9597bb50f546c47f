import { useRef } from "preact/hooks";
import { Failure } from "../components/failure.js";
import { Conflict } from "./conflict.js";
import { focusRow, neighbourOf } from "./row-focus.js";
import { TaskEditor } from "./task-editor.js";
import { displayedTask, isRefusedDraft, type TaskEntry } from "./task-entry.js";
import type { TaskList } from "./task-list.js";
import { TaskSummary } from "./task-summary.js";

type Props = { list: TaskList; entry: TaskEntry };

export function TaskRow({ list, entry }: Props) {
  const row = useRef<HTMLLIElement>(null);
  const { task, change, draft, failure, conflict } = entry;
  const displayed = displayedTask(entry);
  // After the next paint, which removes the element that has the focus now.
  const keepFocus = () => requestAnimationFrame(() => focusRow(row.current));

  function dismiss() {
    const next = neighbourOf(row.current);
    list.discard(task.id);
    requestAnimationFrame(() => focusRow(row.current ?? next));
  }

  function tryAgain() {
    void list.reapply(task.id);
    keepFocus();
  }

  return (
    <li ref={row} class="row task" data-status={displayed.status} aria-busy={change !== undefined}>
      {draft ? (
        <TaskEditor list={list} entry={entry} draft={draft} onClose={keepFocus} />
      ) : (
        <TaskSummary list={list} task={displayed} row={row} />
      )}
      {conflict && <Conflict list={list} id={task.id} onSettled={keepFocus} {...conflict} />}
      {failure && !isRefusedDraft(entry) && (
        <Failure
          error={failure.error}
          title={failure.change === "delete" ? "The task was not deleted" : "The change was not saved"}
          onRetry={draft ? undefined : tryAgain}
          onDismiss={dismiss}
        />
      )}
    </li>
  );
}
