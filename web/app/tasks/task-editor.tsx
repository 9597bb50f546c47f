import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../components/button.js";
import { refusalOf } from "../components/field-messages.js";
import { useForm } from "../components/form.js";
import { type Draft, displayedTask, isRefusedDraft, type TaskEntry } from "./task-entry.js";
import type { TaskList } from "./task-list.js";

type Props = { list: TaskList; entry: TaskEntry; draft: Draft; onClose: () => void };

/** Edits a task in its row. Escape cancels, and Ctrl+Enter saves. */
export function TaskEditor({ list, entry, draft, onClose }: Props) {
  const { id } = entry.task;
  const domId = useId();
  const titleInput = useRef<HTMLInputElement>(null);
  const descriptionInput = useRef<HTMLTextAreaElement>(null);

  function close() {
    list.setDraft(id, undefined);
    if (isRefusedDraft(entry)) list.discard(id);
    onClose();
  }

  const form = useForm(async () => {
    const shown = displayedTask(entry);
    const description = draft.description.trim() === "" ? null : draft.description;
    const change = {
      ...(draft.title.trim() === shown.title ? {} : { title: draft.title.trim() }),
      ...(description === shown.description ? {} : { description }),
    };
    close();
    if (Object.keys(change).length > 0) void list.change(id, change);
  });
  const messageOf = (name: string, label: string) =>
    form.messages[name] ?? refusalOf(entry.failure?.error, name, label);
  const titleMessage = messageOf("title", "Title");
  const descriptionMessage = messageOf("description", "Description");

  // Before the first paint, so that the next key press lands in the editor.
  useLayoutEffect(() => {
    const firstInvalid = !titleMessage && descriptionMessage ? descriptionInput : titleInput;
    firstInvalid.current?.select();
  }, []);

  return (
    <form
      class="editor"
      method="post"
      noValidate
      onSubmit={form.onSubmit}
      onInput={form.onInput}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      <div class="field">
        <label for={`${domId}-title`}>Title</label>
        <input
          id={`${domId}-title`}
          name="title"
          ref={titleInput}
          value={draft.title}
          required
          autoComplete="off"
          aria-invalid={titleMessage !== undefined}
          aria-describedby={`${domId}-title-message`}
          onInput={(event) => list.setDraft(id, { ...draft, title: event.currentTarget.value })}
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
          ref={descriptionInput}
          rows={3}
          value={draft.description}
          aria-invalid={descriptionMessage !== undefined}
          aria-describedby={`${domId}-description-message`}
          onInput={(event) => list.setDraft(id, { ...draft, description: event.currentTarget.value })}
        />
        <p class="field-error" id={`${domId}-description-message`}>
          {descriptionMessage}
        </p>
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
