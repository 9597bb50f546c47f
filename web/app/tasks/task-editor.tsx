import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../components/button.js";
import { refusalOf } from "../components/field-messages.js";
import { useForm } from "../components/form.js";
import type { WallTime } from "../viewer-time-zone.js";
import { Choice } from "./choice.js";
import { wallTimeOfDue } from "./due.js";
import { DueInputs } from "./due-inputs.js";
import { priorityNames } from "./priority-names.js";
import { statusNames } from "./status-names.js";
import {
  changedParts,
  type Draft,
  displayedTask,
  isRefusedDraft,
  type Status,
  type TaskEntry,
} from "./task-entry.js";
import type { TaskList } from "./task-list.js";

type Props = { list: TaskList; entry: TaskEntry; draft: Draft; onClose: () => void };

/** Edits a task in its row. Escape cancels, and Ctrl+Enter saves. */
export function TaskEditor({ list, entry, draft, onClose }: Props) {
  const { id } = entry.task;
  const domId = useId();
  const titleInput = useRef<HTMLInputElement>(null);
  const element = useRef<HTMLFormElement>(null);
  const shown = displayedTask(entry);
  const shownDue = wallTimeOfDue(shown);

  const edit = (part: Partial<Draft>) => list.setDraft(id, { ...draft, ...part });

  function editDue(due: WallTime): void {
    // The stored due date may be in another time zone, and stays there unless the person changes it.
    const isUntouched = due.date === shownDue.date && due.time === shownDue.time;
    edit({ due: isUntouched ? undefined : due });
  }

  function close() {
    list.setDraft(id, undefined);
    if (isRefusedDraft(entry)) list.discard(id);
    onClose();
  }

  const form = useForm(async () => {
    const change = changedParts(draft, entry);
    close();
    if (Object.keys(change).length > 0) void list.change(id, change);
  });
  const messageOf = (name: string, label: string) =>
    form.messages[name] ?? refusalOf(entry.failure?.error, name, label);
  const titleMessage = messageOf("title", "Title");
  const descriptionMessage = messageOf("description", "Description");

  // Before the first paint, so that the next key press lands in the editor.
  useLayoutEffect(() => {
    const invalid = element.current?.querySelector<HTMLInputElement>("[aria-invalid=true]");
    const first = invalid ?? titleInput.current;
    first?.focus();
    first?.select();
  }, []);

  return (
    <form
      ref={element}
      class="editor"
      method="post"
      noValidate
      onSubmit={form.onSubmit}
      onInput={form.onInput}
      onKeyDown={(event) => {
        // These keys belong to the input method while it composes a word.
        if (event.isComposing) return;
        if (event.key === "Escape") close();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      {entry.isOutdated && (
        <p class="notice" role="status">
          This task has changed since you started to edit it. When you save, you see both versions and choose
          one.
        </p>
      )}
      <div class="field">
        <label for={`${domId}-title`}>Title</label>
        <input
          id={`${domId}-title`}
          name="title"
          ref={titleInput}
          value={draft.title}
          required
          dir="auto"
          autoComplete="off"
          aria-invalid={titleMessage !== undefined}
          aria-describedby={`${domId}-title-message`}
          onInput={(event) => edit({ title: event.currentTarget.value })}
        />
        <p class="field-error" id={`${domId}-title-message`}>
          {titleMessage}
        </p>
      </div>
      <div class="field">
        <label for={`${domId}-description`}>Description</label>
        <textarea
          id={`${domId}-description`}
          name="description"
          rows={3}
          dir="auto"
          value={draft.description}
          aria-invalid={descriptionMessage !== undefined}
          aria-describedby={`${domId}-description-message`}
          onInput={(event) => edit({ description: event.currentTarget.value })}
        />
        <p class="field-error" id={`${domId}-description-message`}>
          {descriptionMessage}
        </p>
      </div>
      <div class="short-fields">
        <DueInputs value={draft.due ?? shownDue} messageOf={messageOf} onChange={editDue} />
        <Choice
          label="Priority"
          value={draft.priority ?? shown.priority}
          names={priorityNames}
          onChange={(priority) => edit({ priority: Number(priority) })}
        />
        <Choice
          label="Status"
          value={draft.status}
          names={statusNames}
          onChange={(status) => edit({ status: status as Status })}
        />
      </div>
      <div class="actions">
        <Button kind="primary" type="submit">
          Save
        </Button>
        <Button kind="quiet" onClick={close}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
