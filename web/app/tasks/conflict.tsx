import { useEffect, useRef } from "preact/hooks";
import { Button } from "../parts/button.js";
import { announce } from "../session.js";
import type { Change, Task } from "./entry.js";
import { statusNames } from "./status-name.js";
import type { TaskList } from "./task-list.js";

type Props = {
  list: TaskList;
  id: string;
  mine: Change | "delete";
  theirs: Task;
  onSettled: () => void;
};

/** Both versions of a task that was changed in two places, and the choice between them. */
export function Conflict({ list, id, mine, theirs, onSettled }: Props) {
  const group = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    announce("The task was changed elsewhere.");
    // Who is busy at another place is not pulled away.
    const isFree =
      document.activeElement === document.body ||
      group.current?.parentElement?.contains(document.activeElement);
    if (isFree) group.current?.focus();
  }, []);
  function keepMine() {
    void list.insist(id);
    onSettled();
  }
  function takeTheirs() {
    list.yieldTo(id);
    onSettled();
  }
  const isDelete = mine === "delete";
  const time = new Date(theirs.updatedAt).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  return (
    <fieldset class="notice conflict" tabIndex={-1} ref={group}>
      <legend>
        {isDelete ? "Not deleted: it was changed elsewhere" : "Not saved: it was changed elsewhere"}
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
          {isDelete ? "Delete it anyway" : "Keep mine"}
        </Button>
        <Button onClick={takeTheirs}>{isDelete ? "Keep the task" : "Take theirs"}</Button>
      </div>
    </fieldset>
  );
}

function Version({ name, task, other }: { name: string; task: Task; other: Task }) {
  const mark = (member: "title" | "description" | "status") =>
    task[member] === other[member] ? undefined : "differs";
  return (
    <section class="version">
      <h2>{name}</h2>
      <p class={mark("title")}>{task.title}</p>
      <p class={mark("description") ?? "hint"}>{task.description ?? "No description"}</p>
      <p class={mark("status") ?? "hint"}>{statusNames[task.status]}</p>
    </section>
  );
}
