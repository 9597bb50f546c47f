import { ProblemError } from "@latchkey/client";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../parts/button.js";
import { sentence, useForm } from "../parts/form.js";
import { type Draft, type Entry, shownOf } from "./entry.js";
import type { TaskList } from "./task-list.js";

type Props = { list: TaskList; entry: Entry; draft: Draft; onClose: () => void };

/** Edits a task where it stands. Escape cancels, Ctrl+Enter saves. */
export function TaskEditor({ list, entry, draft, onClose }: Props) {
  const { id } = entry.task;
  const domId = useId();
  const title = useRef<HTMLInputElement>(null);
  // Before anything is painted: who opens the editor types on at once.
  useLayoutEffect(() => title.current?.select(), []);

  function close() {
    list.draft(id, undefined);
    onClose();
  }

  const form = useForm(async () => {
    const shown = shownOf(entry);
    const description = draft.description.trim() === "" ? null : draft.description;
    const change = {
      ...(draft.title.trim() === shown.title ? {} : { title: draft.title.trim() }),
      ...(description === shown.description ? {} : { description }),
    };
    close();
    if (Object.keys(change).length > 0) void list.change(id, change);
  });
  const refused = entry.failure?.error instanceof ProblemError ? entry.failure.error : undefined;
  const messageOf = (name: string, label: string) => {
    const message = refused?.messageAt(`/${name}`);
    return form.messages[name] ?? (message && sentence(label, message));
  };
  const titleMessage = messageOf("title", "Title");
  const descriptionMessage = messageOf("description", "Description");

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
          ref={title}
          value={draft.title}
          required
          autoComplete="off"
          aria-invalid={titleMessage !== undefined}
          aria-describedby={`${domId}-title-message`}
          onInput={(event) => list.draft(id, { ...draft, title: event.currentTarget.value })}
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
          value={draft.description}
          aria-invalid={descriptionMessage !== undefined}
          aria-describedby={`${domId}-description-message`}
          onInput={(event) => list.draft(id, { ...draft, description: event.currentTarget.value })}
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
