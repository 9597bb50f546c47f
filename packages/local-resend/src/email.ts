import * as z from "zod";
import { ResendError } from "./resend-error.js";

const addressFormat =
  "The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.";

const address = z.email({ pattern: z.regexes.html5Email });
const mailbox = z
  .string()
  .refine((value) => address.safeParse(bareAddress(value)).success, { error: addressFormat });
const mailboxes = z
  .union([mailbox, z.array(mailbox).min(1).max(50)], { error: addressFormat })
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

/** The body of `POST /emails`. */
export type Email = z.infer<typeof emailSchema>;

/** Returns the address in `Name <address>`, in lower case. */
export function bareAddress(value: string): string {
  return (/<([^<>]*)>\s*$/.exec(value)?.[1] ?? value).trim().toLowerCase();
}

/** @throws ResendError 422 with Resend's code and message. */
export function parseEmail(body: unknown): Email {
  const fields = z.record(z.string(), z.unknown()).safeParse(body).data;
  if (!fields) throw new ResendError(422, "validation_error", "The email must be a JSON object.");
  for (const name of ["from", "to", "subject"]) {
    if (!fields[name]) throw new ResendError(422, "missing_required_field", `Missing \`${name}\` field.`);
  }
  if (!fields["html"] && !fields["text"]) {
    throw new ResendError(422, "missing_required_field", "Missing `html` or `text` field.");
  }

  const email = emailSchema.safeParse(fields);
  if (email.success) return email.data;
  const [issue] = email.error.issues;
  throw new ResendError(
    422,
    "validation_error",
    `Invalid \`${String(issue?.path[0])}\` field. ${issue?.message ?? ""}`,
  );
}

const addressed = z.object({ to: z.union([z.string(), z.array(z.string())]) });

/** Collects the recipients of an email or a batch that is not validated yet. */
export function recipientsOf(body: unknown): string[] {
  return [body]
    .flat()
    .flatMap((email) => [addressed.safeParse(email).data?.to ?? []].flat().map(bareAddress));
}
