import type { TargetedClipboardEvent, TargetedSubmitEvent } from "preact";
import { useState } from "preact/hooks";
import { announce } from "../announce.js";
import { Button } from "../components/button.js";
import { focusNewTitle } from "./row-focus.js";
import type { TaskList } from "./task-list.js";

/** More lines than that are one text, because nobody wants to delete a hundred tasks. */
const maxPastedLines = 50;

/** Takes the text at each Enter, without waiting for the server. The list keeps it, because it outlives the view. */
export function NewTask({ list, title }: { list: TaskList; title: string }) {
  const [isEmpty, setEmpty] = useState(false);

  function onSubmit(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("title"));
    setEmpty(typed.trim() === "");
    take(typed);
    focusNewTitle();
  }

  function take(line: string): void {
    if (line.trim() === "") return;
    list.setNewTitle("");
    list.newTasks.add(line);
    announce(`Added “${line.trim()}”.`);
  }

  /** Pasted lines become tasks as if they had been typed: the last one stays in the field until Enter. */
  function onPaste(event: TargetedClipboardEvent<HTMLInputElement>): void {
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\r\n]/.test(pasted)) return;
    event.preventDefault();
    const text = value.slice(0, selectionStart ?? 0) + pasted + value.slice(selectionEnd ?? value.length);
    const lines = text.split(/[\r\n]+/);
    const isList = lines.length <= maxPastedLines;
    const last = isList ? (lines.pop() ?? "") : lines.join(" ");
    if (isList) lines.forEach(take);
    list.setNewTitle(last);
  }

  return (
    <form method="post" noValidate onSubmit={onSubmit}>
      <div class="field">
        <label for="new-title">New task</label>
        <div class="input-with-button">
          <input
            id="new-title"
            name="title"
            value={title}
            required
            dir="auto"
            autoComplete="off"
            enterKeyHint="done"
            placeholder="What needs doing?"
            aria-invalid={isEmpty}
            aria-describedby="new-title-message"
            onInput={(event) => {
              setEmpty(false);
              list.setNewTitle(event.currentTarget.value);
            }}
            onPaste={onPaste}
            onKeyDown={(event) => {
              // This Enter chooses a word of an input method, such as Japanese. It does not end the title.
              if (event.key === "Enter" && event.isComposing) event.preventDefault();
            }}
          />
          <Button kind="primary" type="submit">
            Add
          </Button>
        </div>
        <p class="field-error" id="new-title-message">
          {isEmpty && "Please fill in this field."}
        </p>
      </div>
    </form>
  );
}
