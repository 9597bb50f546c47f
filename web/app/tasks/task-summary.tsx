import { announce } from "../announce.js";
import { DeleteIcon, EditIcon } from "../components/icons.js";
import { focusRow, neighbourOf } from "./row-focus.js";
import type { Task } from "./task-entry.js";
import { TaskFacts } from "./task-facts.js";
import type { TaskList } from "./task-list.js";

type Props = { list: TaskList; task: Task; row: { current: HTMLLIElement | null } };

/** A task that is not being edited, with its actions. */
export function TaskSummary({ list, task, row }: Props) {
  const { id, title, description, status } = task;

  function setDone(isDone: boolean): void {
    announce(isDone ? `Completed “${title}”.` : `“${title}” is to do again.`);
    void list.change(id, { status: isDone ? "done" : "todo" });
  }

  function remove(event: MouseEvent): void {
    const neighbour = neighbourOf(row.current);
    focusRow(neighbour);
    // A click without a pointer has no detail.
    list.deletions.begin({ id, title, byKeyboard: event.detail === 0, neighbour });
  }

  return (
    <>
      <input
        type="checkbox"
        class="done-mark"
        checked={status === "done"}
        aria-label={title}
        onChange={(event) => setDone(event.currentTarget.checked)}
      />
      <div class="row-text">
        <p class="row-title" dir="auto">
          {title}
        </p>
        {description && (
          <p class="row-description" dir="auto">
            {description}
          </p>
        )}
        <TaskFacts task={task} />
      </div>
      <div class="row-actions">
        <button
          type="button"
          class="icon-button"
          data-edit
          aria-label={`Edit “${title}”`}
          onClick={() => list.setDraft(id, { title, description: description ?? "", status })}
        >
          <EditIcon />
        </button>
        <button
          type="button"
          class="icon-button"
          id={`delete-${id}`}
          aria-label={`Delete “${title}”`}
          onClick={remove}
        >
          <DeleteIcon />
        </button>
      </div>
    </>
  );
}
