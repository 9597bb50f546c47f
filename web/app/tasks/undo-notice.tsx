import { useLayoutEffect, useRef } from "preact/hooks";
import { announce } from "../announce.js";
import { useStore } from "../use-store.js";
import type { Deletion } from "./deletion.js";
import { focusRow } from "./row-focus.js";
import type { TaskList } from "./task-list.js";

export function UndoNotice({ deletions }: { deletions: TaskList["deletions"] }) {
  const deletion = useStore(deletions.state);
  return deletion ? <Notice key={deletion.id} deletions={deletions} deletion={deletion} /> : null;
}

type Props = { deletions: TaskList["deletions"]; deletion: Deletion };

function Notice({ deletions, deletion: { id, title, byKeyboard, neighbour } }: Props) {
  const notice = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const { current } = notice;
    announce(`Deleted “${title}”. You can undo this.`);
    // A mouse gets there by itself, and its focus would stop the clock.
    if (byKeyboard) current?.querySelector("button")?.focus();
    return () => {
      if (current?.contains(document.activeElement)) focusRow(neighbour);
    };
  }, []);

  function updateClock(): void {
    const isInUse = notice.current?.matches(":hover, :focus-within");
    if (isInUse) deletions.stopClock();
    else deletions.startClock();
  }

  function undo(): void {
    deletions.undo();
    announce(`Restored “${title}”.`);
    // After the next paint, which shows the row again.
    requestAnimationFrame(() => document.getElementById(`delete-${id}`)?.focus());
  }

  return (
    <section
      ref={notice}
      class="undo-notice"
      aria-label="Deleted task"
      onMouseEnter={updateClock}
      onMouseLeave={updateClock}
      onFocusIn={updateClock}
      onFocusOut={updateClock}
      onKeyDown={(event) => event.key === "Escape" && deletions.finish()}
    >
      <p>
        Deleted “<bdi>{title}</bdi>”
      </p>
      <button type="button" onClick={undo}>
        Undo
      </button>
    </section>
  );
}
