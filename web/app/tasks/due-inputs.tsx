import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { browserTimeZone, viewerTimeZone, type WallTime } from "../viewer-time-zone.js";

type Props = {
  value: WallTime;
  /** The error of a field, by its name. */
  messageOf: (name: string, label: string) => string | undefined;
  onChange: (value: WallTime) => void;
};

/** The day that a task is due, and optionally the time. Named like the members of the request. */
export function DueInputs({ value, messageOf, onChange }: Props) {
  const timeZone = viewerTimeZone();
  return (
    <>
      <DueInput
        name="due/date"
        label="Due date"
        type="date"
        value={value.date}
        // Otherwise the field of the year takes six digits.
        max="9999-12-31"
        message={messageOf("due/date", "Due date")}
        onChange={(date) => onChange({ ...value, date })}
      />
      <DueInput
        name="due/time"
        label="Due time"
        type="time"
        value={value.time}
        disabled={value.date === ""}
        hint={timeZone !== browserTimeZone() && `In ${timeZone}`}
        message={messageOf("due/time", "Due time")}
        onChange={(time) => onChange({ ...value, time })}
      />
    </>
  );
}

type InputProps = {
  name: string;
  label: string;
  type: "date" | "time";
  value: string;
  max?: string;
  disabled?: boolean;
  hint?: ComponentChildren;
  message: string | undefined;
  onChange: (value: string) => void;
};

function DueInput({ label, hint, message, onChange, ...input }: InputProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        {...input}
        aria-invalid={message !== undefined}
        aria-describedby={hint ? `${id}-hint ${id}-message` : `${id}-message`}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {hint && (
        <p class="hint break-anywhere" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <p class="field-error" id={`${id}-message`}>
        {message}
      </p>
    </div>
  );
}
