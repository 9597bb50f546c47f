import * as z from "./zod.js";

const isStorable = (value: string) => !value.includes("\0") && value.isWellFormed();
const tooLong = (maxCharacters: number) => `must have at most ${maxCharacters} characters`;
const notStorable = "must not contain NUL or lone surrogates";

/**
 * Text that every layer can carry: no NUL, which PostgreSQL refuses, and no lone surrogate, which would be
 * stored as another character than was sent.
 */
export const text = (maxCharacters: number) =>
  z.string().check(z.maxLength(maxCharacters, tooLong(maxCharacters)), z.refine(isStorable, notStorable));

const lineBreakOrControl = /[\p{Cc}\p{Zl}\p{Zp}]/u;
// Not \p{C}: a character that Unicode has assigned since is no less visible.
const visible = /[^\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/** Text that a person reads as a label: trimmed, one line, at least one visible character. */
export const label = (maxCharacters: number) =>
  z.string().check(
    z.trim(),
    z.minLength(1, "must not be empty"),
    z.maxLength(maxCharacters, tooLong(maxCharacters)),
    z.refine(isStorable, notStorable),
    z.refine(
      (value) => !lineBreakOrControl.test(value),
      "must not contain line breaks or control characters",
    ),
    z.refine((value) => value === "" || visible.test(value), "must have a visible character"),
  );

export const timestamp = z.doc(z.iso.datetime(), {
  description: "RFC 3339, UTC",
  example: "2026-11-23T15:04:05.123Z",
});

export const id = (description: string, example: string) => z.doc(z.uuid(), { description, example });

const utc = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{3,6}\+00(?::00)?$/;
const zoned = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)(?::(\d\d))?$/;

/** A time as Postgres writes it, in a column or inside a JSON value; in whichever zone the database has. */
export const dbTime = z.reading((value, refuse) => {
  // What nearly every database writes nearly always, for a third of the work.
  if (utc.test(value)) return `${value.slice(0, 10)}T${value.slice(11, 23)}Z`;
  const [whole, date, time, hours, minutes = "00"] = zoned.exec(value) ?? [];
  const moment = new Date(whole ? `${date}T${time}${hours}:${minutes}` : Number.NaN);
  return Number.isNaN(moment.getTime()) ? refuse("must be a time") : moment.toISOString();
});
