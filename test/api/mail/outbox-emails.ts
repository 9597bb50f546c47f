import { randomUUID } from "node:crypto";
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
