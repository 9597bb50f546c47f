import { useEffect, useRef } from "preact/hooks";
import { announce } from "../announce.js";
import { Button } from "../components/button.js";
import { statusNames } from "./status-names.js";
import type { Change, Task } from "./task-entry.js";
import type { TaskList } from "./task-list.js";

type Props = {
  list: TaskList;
  id: string;
  mine: Change | "delete";
  theirs: Task;
  onSettled: () => void;
};

/** Shows both versions of a task that was changed in two places, and lets the person choose. */
export function Conflict({ list, id, mine, theirs, onSettled }: Props) {
  const group = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    announce("The task was changed elsewhere.");
    // Takes the focus only if the person has not moved on.
    const isNearby =
      document.activeElement === document.body ||
      group.current?.parentElement?.contains(document.activeElement);
    if (isNearby) group.current?.focus();
  }, []);
  function keepMine() {
    void list.reapply(id);
    onSettled();
  }
  function takeTheirs() {
    list.discard(id);
    onSettled();
  }
  const isDelete = mine === "delete";
  const time = new Date(theirs.updatedAt).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  return (
    <fieldset class="notice" tabIndex={-1} ref={group}>
      <legend>
        {isDelete
          ? "Not deleted: the task was changed elsewhere"
          : "Not saved: the task was changed elsewhere"}
      </legend>
      <div class="versions">
        {!isDelete && <Version name="Yours" task={{ ...theirs, ...mine }} other={theirs} />}
        <Version
          name={`Theirs, at ${time}`}
          task={theirs}
          other={isDelete ? theirs : { ...theirs, ...mine }}
        />
      </div>
      <div class="actions">
        <Button kind={isDelete ? "danger" : "primary"} onClick={keepMine}>
          {isDelete ? "Delete anyway" : "Keep mine"}
        </Button>
        <Button onClick={takeTheirs}>{isDelete ? "Keep task" : "Take theirs"}</Button>
      </div>
    </fieldset>
  );
}

function Version({ name, task, other }: { name: string; task: Task; other: Task }) {
  const differs = (member: "title" | "description" | "status") =>
    task[member] === other[member] ? undefined : "differs";
  return (
    <section class="version">
      <h2>{name}</h2>
      <p class={differs("title")}>{task.title}</p>
      <p class={differs("description") ?? "hint"}>{task.description ?? "No description"}</p>
      <p class={differs("status") ?? "hint"}>{statusNames[task.status]}</p>
    </section>
  );
}
