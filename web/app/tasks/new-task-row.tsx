import type { TargetedSubmitEvent } from "preact";
import { useId } from "preact/hooks";
import { Button } from "../components/button.js";
import { Failure } from "../components/failure.js";
import { refusalOf } from "../components/field-messages.js";
import type { NewTask, NewTasks } from "./new-tasks.js";
import { focusNewTitle } from "./row-focus.js";

type Props = { newTasks: NewTasks; task: NewTask; hidesFailure: boolean };

/** A task that the server does not have yet. */
export function NewTaskRow({ newTasks, task: { key, title, failure }, hidesFailure }: Props) {
  const message = refusalOf(failure, "title", "Title");
  const isFailed = failure !== undefined && !hidesFailure;

  function retry(wanted: string): void {
    newTasks.retry(key, wanted);
    focusNewTitle();
  }

  function discard(): void {
    newTasks.discard(key);
    focusNewTitle();
  }

  if (message) return <RefusedTitle title={title} message={message} onRetry={retry} onDiscard={discard} />;
  return (
    <li class="row task pending" aria-busy={!isFailed}>
      <span class="done-mark" aria-hidden="true" />
      <p class="row-title row-text" dir="auto">
        {title}
      </p>
      <p class="hint">Not saved yet</p>
      {isFailed && (
        <Failure error={failure} onRetry={() => retry(title)} onDismiss={discard} dismissLabel="Discard" />
      )}
    </li>
  );
}

type RefusedProps = {
  title: string;
  message: string;
  onRetry: (title: string) => void;
  onDiscard: () => void;
};

/** A title that the server refuses, to change it. */
function RefusedTitle({ title, message, onRetry, onDiscard }: RefusedProps) {
  const id = useId();

  function onSubmit(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const wanted = String(new FormData(event.currentTarget).get("title"));
    if (wanted.trim() !== "") onRetry(wanted);
  }

  return (
    <li class="row task pending">
      <form class="editor" method="post" noValidate onSubmit={onSubmit}>
        <div class="field">
          <label for={id}>Title of a task that was not saved</label>
          <input
            id={id}
            name="title"
            dir="auto"
            defaultValue={title}
            autoComplete="off"
            aria-invalid={true}
            aria-describedby={`${id}-message`}
          />
          <p class="field-error" id={`${id}-message`} role="alert">
            {message}
          </p>
        </div>
        <div class="actions">
          <Button kind="primary" type="submit">
            Save
          </Button>
          <Button kind="quiet" onClick={onDiscard}>
            Discard
          </Button>
        </div>
      </form>
    </li>
  );
}
