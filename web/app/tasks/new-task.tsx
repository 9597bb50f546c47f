import { useRef } from "preact/hooks";
import { announce } from "../announce.js";
import { Button } from "../components/button.js";
import { Failure } from "../components/failure.js";
import { useForm } from "../components/form.js";
import type { TaskList } from "./task-list.js";

/** The list keeps the typed title, because it outlives the view. */
export function NewTask({ list, title }: { list: TaskList; title: string }) {
  const input = useRef<HTMLInputElement>(null);
  const form = useForm(async () => {
    await list.add();
    announce("Task added.");
    input.current?.focus();
  });
  const message = form.messages["title"];
  return (
    <form method="post" noValidate onSubmit={form.onSubmit} onInput={form.onInput}>
      <div class="field">
        <label for="new-title">New task</label>
        <div class="input-with-button">
          <input
            id="new-title"
            name="title"
            ref={input}
            value={title}
            required
            autoComplete="off"
            enterKeyHint="done"
            placeholder="What needs doing?"
            aria-invalid={message !== undefined}
            aria-describedby="new-title-message"
            onInput={(event) => list.setNewTitle(event.currentTarget.value)}
          />
          <Button kind="primary" type="submit" isBusy={form.isBusy}>
            Add
          </Button>
        </div>
        <p class="field-error" id="new-title-message">
          {message}
        </p>
      </div>
      {form.failure !== undefined && <Failure error={form.failure} />}
    </form>
  );
}
