import { ProblemError } from "@latchkey/client";
import type { TargetedSubmitEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

type Messages = Record<string, string>;

export type Form = {
  isBusy: boolean;
  failure: unknown;
  /** What is wrong with each field, by its name. */
  messages: Messages;
  onSubmit(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void>;
  /** A field that is being mended is no longer marked. */
  onInput(event: { target: EventTarget | null }): void;
};

/** Runs `work` on each submit, one at a time, and leads what the server refuses to the fields by its pointers. */
export function useForm(work: (fields: Record<string, string>) => Promise<void>): Form {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [messages, setMessages] = useState<Messages>({});
  const form = useRef<HTMLFormElement>(null);
  const hasFailed = useRef(false);

  useEffect(() => {
    if (!hasFailed.current) return;
    hasFailed.current = false;
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  });

  async function onSubmit(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    form.current = event.currentTarget;
    const missing = missingIn(event.currentTarget);
    hasFailed.current = Object.keys(missing).length > 0;
    setMessages(missing);
    setFailure(undefined);
    if (hasFailed.current) return;
    setBusy(true);
    try {
      await work(
        Object.fromEntries(
          [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]),
        ),
      );
    } catch (error) {
      hasFailed.current = true;
      setFailure(error);
      if (form.current) setMessages(messagesOf(error, form.current));
    } finally {
      setBusy(false);
    }
  }

  return {
    isBusy,
    failure,
    messages,
    onSubmit,
    onInput({ target }) {
      if (!(target instanceof HTMLElement) || !("name" in target)) return;
      const { [String(target.name)]: mended, ...rest } = messages;
      if (mended !== undefined) setMessages(rest);
    },
  };
}

const fieldsOf = (form: HTMLFormElement) =>
  [...form.elements].filter(
    (field) => field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement,
  );

const labelOf = (field: HTMLInputElement | HTMLTextAreaElement) =>
  field.labels?.[0]?.textContent ?? field.name;

function missingIn(form: HTMLFormElement): Messages {
  const missing = fieldsOf(form).filter((field) => field.required && field.value.trim() === "");
  return Object.fromEntries(
    missing.map((field) => [field.name, `Enter your ${labelOf(field).toLowerCase()}.`]),
  );
}

function messagesOf(error: unknown, form: HTMLFormElement): Messages {
  if (!(error instanceof ProblemError)) return {};
  const messages: Messages = {};
  for (const field of fieldsOf(form)) {
    const message = error.messageAt(`/${field.name}`);
    if (message) messages[field.name] = sentence(labelOf(field), message);
  }
  return messages;
}

/** Messages of the API complete the name of a member: “must not contain …”. */
export function sentence(label: string, message: string): string {
  const text = /^[a-z]/.test(message) ? `${label} ${message}` : message;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
