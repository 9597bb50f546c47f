import type { TargetedSubmitEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import {
  type FieldMessages,
  fieldsOf,
  isShownAtFields,
  missingFields,
  refusedFields,
} from "./field-messages.js";

export type Form = {
  isBusy: boolean;
  /** A failure that no field shows. */
  failure: unknown;
  messages: FieldMessages;
  onSubmit(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void>;
  /** Clears the message of a field that is being edited. */
  onInput(event: { target: EventTarget | null }): void;
};

/** Runs `work` on submit, unless an earlier run is pending. Shows the server's errors at their fields. */
export function useForm(work: (fields: Record<string, string>) => Promise<void>): Form {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [messages, setMessages] = useState<FieldMessages>({});
  const form = useRef<HTMLFormElement>(null);
  const hasFailed = useRef(false);

  useEffect(() => {
    const invalid = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    // The field shows its error one render after a failure that is immediate.
    if (!hasFailed.current || !invalid) return;
    hasFailed.current = false;
    invalid.focus();
  });

  async function onSubmit(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const element = event.currentTarget;
    form.current = element;
    const missing = missingFields(element);
    hasFailed.current = Object.keys(missing).length > 0;
    setMessages(missing);
    setFailure(undefined);
    if (hasFailed.current) return;
    setBusy(true);
    try {
      await work(valuesOf(element));
    } catch (error) {
      hasFailed.current = true;
      setMessages(refusedFields(error, element));
      const names = fieldsOf(element).map(({ name }) => name);
      if (!isShownAtFields(error, names)) setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  function onInput({ target }: { target: EventTarget | null }): void {
    if (!(target instanceof HTMLElement) || !("name" in target)) return;
    const { [String(target.name)]: edited, ...rest } = messages;
    if (edited !== undefined) setMessages(rest);
  }

  return { isBusy, failure, messages, onSubmit, onInput };
}

const valuesOf = (form: HTMLFormElement) =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
