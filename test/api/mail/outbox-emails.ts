import { randomUUID } from "node:crypto";
import { uuidv7 } from "uuidv7";
import type { EmailKind } from "../../../db/schema/outbox.js";
import type { Stack } from "../../stack/stack.js";
import { newEmail } from "../../stack/users.js";

/** Inserts due emails of one kind to one new address, with a link that never becomes void. */
export async function insertDueEmails(
  stack: Stack,
  count: number,
  kind: EmailKind = "already-registered",
): Promise<{ email: string; ids: string[] }> {
  const email = newEmail();
  const ids = Array.from({ length: count }, () => randomUUID());
  await stack.sql(
    `insert into outbox (id, kind, recipient, due_at, expires_at)
     select id, $3, $2, now() - interval '1 second', now() + interval '1 day' from unnest($1::uuid[]) as u (id)`,
    [ids, email, kind],
  );
  return { email, ids };
}

type FailedEmail = {
  kind?: EmailKind | "of-a-newer-release";
  recipient?: string;
  userId?: string | null;
  linkId?: string | null;
  /** Column assignments, as SQL. */
  change?: string;
};

/** Inserts an email that waits out a long backoff after four attempts. */
export async function insertFailedEmail(
  stack: Stack,
  { kind = "unbanned", recipient = newEmail(), userId = null, linkId = null, change }: FailedEmail = {},
): Promise<{ id: string; recipient: string }> {
  const id = uuidv7();
  await stack.sql(
    `insert into outbox (id, kind, recipient, user_id, link_id, attempts, last_error, due_at, expires_at)
     values ($1, $2, $3, $4, $5, 4, 'application_error 500', now() + interval '1 hour', now() + interval '20 hours')`,
    [id, kind, recipient, userId, linkId],
  );
  if (change) await stack.sql(`update outbox set ${change} where id = $1`, [id]);
  return { id, recipient };
}
