import { useRef, useState } from "preact/hooks";
import { announce } from "../announce.js";
import { Button } from "../components/button.js";
import { DeleteIcon, EditIcon } from "../components/icons.js";
import { focusRow, neighbourOf } from "./row-focus.js";
import { StatusSelect } from "./status-select.js";
import type { Task } from "./task-entry.js";
import type { TaskList } from "./task-list.js";

type Props = { list: TaskList; task: Task; row: { current: HTMLLIElement | null } };

/** A task that is not being edited, with its actions. */
export function TaskSummary({ list, task, row }: Props) {
  const [isConfirming, setConfirming] = useState(false);
  const wasCancelled = useRef(false);
  const { id, title, description, status } = task;

  function remove() {
    focusRow(neighbourOf(row.current));
    announce("Task deleted.");
    void list.remove(id);
  }

  function cancel() {
    wasCancelled.current = true;
    setConfirming(false);
  }

  /** Runs during render, because a key press could move the focus before an effect runs. */
  function restoreFocus(button: HTMLButtonElement | null) {
    if (!button || !wasCancelled.current) return;
    wasCancelled.current = false;
    button.focus();
  }

  return (
    <>
      <div class="row-text">
        <p class="row-title">{title}</p>
        {description && <p class="row-description">{description}</p>}
      </div>
      {isConfirming ? (
        <fieldset class="row-actions confirming" onKeyDown={(event) => event.key === "Escape" && cancel()}>
          <legend class="visually-hidden">Delete “{title}”?</legend>
          <Button kind="danger" autoFocus onClick={remove}>
            Delete
          </Button>
          <Button onClick={cancel}>Cancel</Button>
        </fieldset>
      ) : (
        <div class="row-actions">
          <StatusSelect
            title={title}
            status={status}
            onChange={(wanted) => void list.change(id, { status: wanted })}
          />
          <button
            type="button"
            class="icon-button"
            data-edit
            aria-label={`Edit “${title}”`}
            onClick={() => list.setDraft(id, { title, description: description ?? "" })}
          >
            <EditIcon />
          </button>
          <button
            type="button"
            class="icon-button"
            ref={restoreFocus}
            aria-label={`Delete “${title}”`}
            onClick={() => setConfirming(true)}
          >
            <DeleteIcon />
          </button>
        </div>
      )}
    </>
  );
}
