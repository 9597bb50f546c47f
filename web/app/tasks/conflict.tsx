import { useEffect, useRef } from "preact/hooks";
import { announce } from "../announce.js";
import { Button } from "../components/button.js";
import { dueWords, isSameDue } from "./due.js";
import { priorityNames } from "./priority-names.js";
import { statusNames } from "./status-names.js";
import { type Change, isFromEditor, type Task, withChange } from "./task-entry.js";
import type { TaskList } from "./task-list.js";

type Props = {
  list: TaskList;
  id: string;
  mine: Change | "delete";
  theirs: Task;
  onSettled: () => void;
};

/** Says that another tab or device has changed the task, and lets the person choose. The row shows the newer version. */
export function Conflict({ list, id, mine, theirs, onSettled }: Props) {
  const group = useRef<HTMLFieldSetElement>(null);
  const { legend, keep, drop } = wordsFor(mine);
  useEffect(() => {
    // Takes the focus only if the person has not moved on. Screen readers then read the legend.
    const isNearby =
      document.activeElement === document.body ||
      group.current?.parentElement?.contains(document.activeElement);
    if (isNearby) group.current?.focus();
    else announce(legend);
  }, []);
  function keepMine() {
    void list.reapply(id);
    onSettled();
  }
  function takeTheirs() {
    list.discard(id);
    onSettled();
  }
  const time = new Date(theirs.updatedAt).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  return (
    <fieldset class="notice" tabIndex={-1} ref={group}>
      <legend>{legend}</legend>
      <p>The task was changed in another tab or on another device at {time}.</p>
      {mine !== "delete" && isFromEditor(mine) && (
        <div class="versions">
          <Version name="Your version" task={withChange(theirs, mine)} other={theirs} />
          <Version name="The other version" task={theirs} other={withChange(theirs, mine)} />
        </div>
      )}
      <div class="actions">
        <Button kind={mine === "delete" ? "danger" : "primary"} onClick={keepMine}>
          {keep}
        </Button>
        <Button onClick={takeTheirs}>{drop}</Button>
      </div>
    </fieldset>
  );
}

function wordsFor(mine: Change | "delete"): { legend: string; keep: string; drop: string } {
  if (mine === "delete")
    return { legend: "The task was not deleted", keep: "Delete anyway", drop: "Keep the task" };
  if (mine.status === undefined || isFromEditor(mine))
    return {
      legend: "Your changes are not saved yet",
      keep: "Save your version",
      drop: "Keep the other version",
    };
  const name = statusNames[mine.status];
  return { legend: `The task was not set to “${name}”`, keep: `Set to “${name}”`, drop: "Leave it as it is" };
}

function Version({ name, task, other }: { name: string; task: Task; other: Task }) {
  const differs = (member: "title" | "description" | "status" | "priority") =>
    task[member] === other[member] ? undefined : "differs";
  return (
    <section class="version">
      <h2>{name}</h2>
      <p class={differs("title")} dir="auto">
        {task.title}
      </p>
      <p class={differs("description") ?? "hint"} dir="auto">
        {task.description ?? "No description"}
      </p>
      <p class={differs("status") ?? "hint"}>{statusNames[task.status]}</p>
      <p class={differs("priority") ?? "hint"}>{priorityNames[task.priority]}</p>
      <p class={isSameDue(task.due, other.due) ? "hint" : "differs"}>
        {task.due ? `Due ${dueWords(task)}` : "No due date"}
      </p>
    </section>
  );
}
