import * as z from "zod";

const isStorable = (value: string) => !value.includes("\0") && value.isWellFormed();
export const tooLong = (maxCharacters: number) => `must have at most ${maxCharacters} characters`;
const notStorable = "must not contain NUL or lone surrogates";

/**
 * Text that every layer can carry: without NUL, which Postgres rejects, and without lone surrogates, which would be
 * stored as replacement characters.
 */
export const text = (maxCharacters: number) =>
  z.string().max(maxCharacters, tooLong(maxCharacters)).refine(isStorable, notStorable);

const lineBreakOrControl = /[\p{Cc}\p{Zl}\p{Zp}]/u;
// Not \p{C}, which includes unassigned code points: newer Unicode versions may assign visible characters there.
const visible = /[^\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/** A short text such as a name: trimmed, one line, with at least one visible character. */
export const label = (maxCharacters: number, string = z.string()) =>
  string
    .trim()
    .min(1, "must not be empty")
    .max(maxCharacters, tooLong(maxCharacters))
    .refine(isStorable, notStorable)
    .refine((value) => !lineBreakOrControl.test(value), "must not contain line breaks or control characters")
    .refine((value) => value === "" || visible.test(value), "must have a visible character");

const hasFourDigitYear = (value: string) => /^\d/.test(value);

/**
 * An instant in a request, in UTC and milliseconds: Postgres reads neither every offset of RFC 3339 nor fractions of any
 * length, nor years that UTC moves beyond 9999.
 */
export const instant = z.iso
  .datetime({ offset: true, abort: true })
  .transform((value) => new Date(value).toISOString())
  .refine(hasFourDigitYear, { message: "must have a year of four digits in UTC", abort: true });

export const timestamp = z.iso
  .datetime()
  .meta({ description: "RFC 3339, UTC", example: "2026-11-23T15:04:05.123Z" });

export const id = (description: string, example: string) => z.uuid().meta({ description, example });

type WithoutDefault<S> = S extends z.ZodDefault<infer Inner> ? Inner : S;
type ChangeShape<S extends z.ZodRawShape> = { [K in keyof S]: z.ZodOptional<WithoutDefault<S[K]>> };

/** The merge patch (RFC 7396) of a resource that `created` creates: every member is optional, without a default. */
export function changeOf<S extends z.ZodRawShape>(
  created: z.ZodObject<S>,
): z.ZodObject<ChangeShape<S>, z.core.$strict> {
  const members = Object.entries(created.shape).map(([name, member]) => [
    name,
    z.optional(member instanceof z.ZodDefault ? member.unwrap() : member),
  ]);
  // Object.fromEntries cannot express the type of each member.
  return z.strictObject(Object.fromEntries(members)) as unknown as z.ZodObject<
    ChangeShape<S>,
    z.core.$strict
  >;
}
