import { readRefreshToken } from "../../../lib/auth/refresh-token.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { authEnv } from "../../stack/seed.js";
import type { Stack } from "../../stack/stack.js";
import type { ConfirmedWrites } from "./virtual-users.js";

const batchSize = 5_000;

/** Finds confirmed writes that are missing in the database. */
export async function findLostWrites(stack: Stack, confirmed: ConfirmedWrites): Promise<string[]> {
  const missing = (what: string, expected: Iterable<string>, exists: (item: string) => boolean) => {
    const lost = [...expected].filter((item) => !exists(item));
    return lost.length > 0 ? [`${lost.length} lost: ${what}, such as ${lost[0]}`] : [];
  };
  const findRows = async (sql: string, type: "uuid" | "text", items: Iterable<string>) => {
    const all = [...items];
    const rows = new Map<string, number>();
    for (let start = 0; start < all.length; start += batchSize) {
      const chunk = await stack.sql(sql.replace("$1", `$1::${type}[]`), [
        all.slice(start, start + batchSize),
      ]);
      for (const { key, value } of chunk) rows.set(String(key), Number(value));
    }
    return rows;
  };

  const { created, versions, deleted, maybeDeleted, signedUp, resetEmails } = confirmed;
  const notDeleted = [...created].filter((id) => !deleted.has(id) && !maybeDeleted.has(id));
  const tasks = await findRows(
    "select id as key, version as value from tasks where id = any($1)",
    "uuid",
    created,
  );
  const registrations = await findRows(
    "select email as key, 1 as value from registrations where email = any($1)",
    "text",
    signedUp,
  );
  const emails = await findRows(
    "select recipient as key, count(*) as value from outbox where kind = 'reset-password' and recipient = any($1) group by 1",
    "text",
    resetEmails.keys(),
  );
  const ring = keyRing(authEnv(stack).AUTH_SECRET);
  const ended = confirmed.signedOut.flatMap((cookie) => {
    const token = readRefreshToken(ring, cookie.slice(cookie.indexOf("=") + 1));
    return token ? [token.sessionId] : [];
  });
  const sessions = await findRows(
    "select id as key, 1 as value from sessions where id = any($1) and ended_at is not null",
    "uuid",
    ended,
  );
  const isCurrent = (id: string) => (tasks.get(id) ?? 0) >= (versions.get(id) ?? 1);
  return [
    ...missing("tasks", notDeleted, (id) => tasks.has(id)),
    ...missing("changes of tasks", notDeleted, isCurrent),
    ...missing("deletions", deleted, (id) => !tasks.has(id)),
    ...missing("sign-ups", signedUp, (email) => registrations.has(email)),
    ...missing(
      "reset emails",
      resetEmails.keys(),
      (email) => (emails.get(email) ?? 0) >= (resetEmails.get(email) ?? 0),
    ),
    ...missing("sign-outs", ended, (id) => sessions.has(id)),
  ];
}
