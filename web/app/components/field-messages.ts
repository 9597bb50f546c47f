import { type FieldError, ProblemError } from "@latchkey/client";

/** The error of each invalid field, by the name of the field. */
export type FieldMessages = Record<string, string>;

type Field = HTMLInputElement | HTMLTextAreaElement;

export const fieldsOf = (form: HTMLFormElement): Field[] =>
  [...form.elements].filter(
    (element) => element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement,
  );

/** Messages for required fields that are empty, and for dates and times that are incomplete. */
export function missingFields(form: HTMLFormElement): FieldMessages {
  const messages: FieldMessages = {};
  for (const { name, required, value, willValidate, validity } of fieldsOf(form)) {
    // Half a date has an empty value, which would clear the date.
    if (willValidate && validity.badInput) messages[name] = "Please complete or clear this field.";
    else if (required && value.trim() === "") messages[name] = "Please fill in this field.";
  }
  return messages;
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

/** The server's message about one field of a form or of a query. It continues the label: “Title must have at most …”. */
export function refusalOf(error: unknown, name: string, label: string): string | undefined {
  const refused = error instanceof ProblemError && error.errors.find((part) => nameIn(part) === name);
  if (!refused) return undefined;
  const { message } = refused;
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
  error.errors.every((part) => names.includes(nameIn(part)));

/** The field of an error: fields are named like members of the body or parameters of the query. */
const nameIn = (part: FieldError) => ("pointer" in part ? part.pointer.slice(1) : part.parameter);
