import { useRef, useState } from "preact/hooks";
import { Button } from "../parts/button.js";
import { Failure } from "../parts/failure.js";
import { DeleteIcon, EditIcon } from "../parts/icons.js";
import { announce } from "../session.js";
import { Conflict } from "./conflict.js";
import { type Entry, type Status, shownOf, type Task } from "./entry.js";
import { statuses, statusNames } from "./status-name.js";
import { TaskEditor } from "./task-editor.js";
import type { TaskList } from "./task-list.js";

type Props = { list: TaskList; entry: Entry };

export function TaskRow({ list, entry }: Props) {
  const row = useRef<HTMLLIElement>(null);
  const { task, change, draft, failure, conflict } = entry;
  const shown = shownOf(entry);
  // What had the focus is gone with the next painting.
  const focusRow = () => requestAnimationFrame(() => focusIn(row.current));

  function dismiss() {
    const next = neighbourOf(row.current);
    list.yieldTo(task.id);
    requestAnimationFrame(() => focusIn(row.current ?? next));
  }

  function tryAgain() {
    void list.insist(task.id);
    focusRow();
  }

  return (
    <li ref={row} class="row" data-status={shown.status} aria-busy={change !== undefined}>
      {draft ? (
        <TaskEditor list={list} entry={entry} draft={draft} onClose={focusRow} />
      ) : (
        <Shown list={list} task={shown} row={row} />
      )}
      {conflict && <Conflict list={list} id={task.id} onSettled={focusRow} {...conflict} />}
      {failure && (
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

function Shown({ list, task, row }: { list: TaskList; task: Task; row: { current: HTMLLIElement | null } }) {
  const [isAsking, setAsking] = useState(false);
  const wasKept = useRef(false);
  const { id, title, description } = task;

  function remove() {
    focusIn(neighbourOf(row.current));
    announce("Task deleted.");
    void list.remove(id);
  }

  function keep() {
    wasKept.current = true;
    setAsking(false);
  }

  /** With the painting and not after it: by then another key may have been pressed, and the focus be elsewhere. */
  function takeFocus(button: HTMLButtonElement | null) {
    if (!button || !wasKept.current) return;
    wasKept.current = false;
    button.focus();
  }

  return (
    <>
      <div class="row-text">
        <p class="row-title">{title}</p>
        {description && <p class="row-description">{description}</p>}
      </div>
      {isAsking ? (
        <fieldset class="row-actions asking" onKeyDown={(event) => event.key === "Escape" && keep()}>
          <legend class="visually-hidden">Delete “{title}”?</legend>
          <Button kind="danger" autoFocus onClick={remove}>
            Delete
          </Button>
          <Button onClick={keep}>Keep</Button>
        </fieldset>
      ) : (
        <div class="row-actions">
          <StatusChoice
            title={title}
            status={task.status}
            onChoose={(status) => void list.change(id, { status })}
          />
          <button
            type="button"
            class="icon-button"
            data-edit
            aria-label={`Edit “${title}”`}
            onClick={() => list.draft(id, { title, description: description ?? "" })}
          >
            <EditIcon />
          </button>
          <button
            type="button"
            class="icon-button"
            ref={takeFocus}
            aria-label={`Delete “${title}”`}
            onClick={() => setAsking(true)}
          >
            <DeleteIcon />
          </button>
        </div>
      )}
    </>
  );
}

type StatusProps = { title: string; status: Status; onChoose: (status: Status) => void };

function StatusChoice({ title, status, onChoose }: StatusProps) {
  return (
    <select
      class="status"
      aria-label={`Status of “${title}”`}
      value={status}
      onChange={(event) => onChoose(event.currentTarget.value as Status)}
    >
      {statuses.map((value) => (
        <option key={value} value={value}>
          {statusNames[value]}
        </option>
      ))}
    </select>
  );
}

/** A row that goes takes the focus with it, unless it is handed on. */
const neighbourOf = (row: Element | null) => row?.nextElementSibling ?? row?.previousElementSibling;

function focusIn(row: Element | null | undefined): void {
  const target =
    row?.querySelector<HTMLElement>("[data-edit], input") ?? document.getElementById("new-title");
  target?.focus();
}
