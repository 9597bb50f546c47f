import * as z from "zod";
import { Refusal } from "./exchange.js";

const ADDRESS_FORMAT =
  "The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.";

const address = z.email({ pattern: z.regexes.rfc5322Email });
const mailbox = z
  .string()
  .refine((value) => address.safeParse(bareAddress(value)).success, { error: ADDRESS_FORMAT });
const mailboxes = z
  .union([mailbox, z.array(mailbox).min(1).max(50)], { error: ADDRESS_FORMAT })
  .transform((value) => (typeof value === "string" ? [value] : value));
const label = z.string().regex(/^[\w-]{1,256}$/, {
  error: "Tags should only contain ASCII letters, numbers, underscores, or dashes.",
});

const emailSchema = z.object({
  from: mailbox,
  to: mailboxes,
  cc: mailboxes.optional(),
  bcc: mailboxes.optional(),
  reply_to: mailboxes.optional(),
  subject: z.string(),
  html: z.string().default(""),
  text: z.string().default(""),
  headers: z.record(z.string(), z.string()).optional(),
  tags: z.array(z.object({ name: label, value: label })).optional(),
});

/** What a caller asks to send, in Resend's words. */
export type Email = z.infer<typeof emailSchema>;

/** The address in `Name <address>`, in lower case. */
export function bareAddress(value: string): string {
  return (/<([^<>]*)>\s*$/.exec(value)?.[1] ?? value).trim().toLowerCase();
}

/** @throws Refusal 422 as Resend words it. */
export function parseEmail(body: unknown): Email {
  const fields = z.record(z.string(), z.unknown()).safeParse(body).data;
  if (!fields) throw new Refusal(422, "validation_error", "The email must be a JSON object.");
  for (const name of ["from", "to", "subject"]) {
    if (!fields[name]) throw new Refusal(422, "missing_required_field", `Missing \`${name}\` field.`);
  }
  if (!fields["html"] && !fields["text"]) {
    throw new Refusal(422, "missing_required_field", "Missing `html` or `text` field.");
  }

  const email = emailSchema.safeParse(fields);
  if (email.success) return email.data;
  const [issue] = email.error.issues;
  throw new Refusal(
    422,
    "validation_error",
    `Invalid \`${String(issue?.path[0])}\` field. ${issue?.message ?? ""}`,
  );
}

const addressed = z.object({ to: z.union([z.string(), z.array(z.string())]) });

/** Every bare recipient of a body that need not be valid. */
export function recipientsOf(body: unknown): string[] {
  return [body]
    .flat()
    .flatMap((email) => [addressed.safeParse(email).data?.to ?? []].flat().map(bareAddress));
}
