import { ProblemError } from "@latchkey/client";

/** The error of each invalid field, by the name of the field. */
export type FieldMessages = Record<string, string>;

type Field = HTMLInputElement | HTMLTextAreaElement;

export const fieldsOf = (form: HTMLFormElement): Field[] =>
  [...form.elements].filter(
    (element) => element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement,
  );

/** Messages for required fields that are empty. */
export function missingFields(form: HTMLFormElement): FieldMessages {
  const missing = fieldsOf(form).filter((field) => field.required && field.value.trim() === "");
  return Object.fromEntries(missing.map(({ name }) => [name, "Please fill in this field."]));
}

/** Messages for the fields that the server rejected. */
export function refusedFields(error: unknown, form: HTMLFormElement): FieldMessages {
  const messages: FieldMessages = {};
  for (const { name, labels } of fieldsOf(form)) {
    const message = refusalOf(error, name, labels?.[0]?.textContent ?? name);
    if (message) messages[name] = message;
  }
  return messages;
}

/** The server's message about one field. It continues the label: “Title must have at most …”. */
export function refusalOf(error: unknown, name: string, label: string): string | undefined {
  const message = error instanceof ProblemError ? error.messageAt(`/${name}`) : undefined;
  if (message === undefined) return undefined;
  const text = /^[a-z]/.test(message) ? `${label} ${message}` : message;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** An error that a field shows. For checks that need no server. */
export const refusedField = (name: string, message: string): ProblemError =>
  new ProblemError("invalid-request", {
    status: 422,
    title: "The request is not valid",
    errors: [{ pointer: `/${name}`, message }],
  });

/** Whether these fields show every error of the response. The form then needs no notice. */
export const isShownAtFields = (error: unknown, names: readonly string[]): boolean =>
  error instanceof ProblemError &&
  error.errors.length > 0 &&
  error.errors.every((part) => "pointer" in part && names.includes(part.pointer.slice(1)));
