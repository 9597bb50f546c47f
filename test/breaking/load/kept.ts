import { keyRing } from "../../../lib/auth/keys.js";
import { readRefreshToken } from "../../../lib/auth/refresh-token.js";
import { identityOf } from "../../stack/planted.js";
import type { Stack } from "../../stack/stack.js";
import type { Ledger } from "./crowd.js";

const atOnce = 5_000;

/** Writes that were answered as done and that the database does not know. */
export async function lostWrites(stack: Stack, ledger: Ledger): Promise<string[]> {
  const missing = (what: string, wanted: Iterable<string>, isThere: (item: string) => boolean) => {
    const lost = [...wanted].filter((item) => !isThere(item));
    return lost.length > 0 ? [`${lost.length} lost: ${what}, such as ${lost[0]}`] : [];
  };
  const found = async (sql: string, type: "uuid" | "text", items: Iterable<string>) => {
    const all = [...items];
    const rows = new Map<string, number>();
    for (let start = 0; start < all.length; start += atOnce) {
      const chunk = await stack.sql(sql.replace("$1", `$1::${type}[]`), [all.slice(start, start + atOnce)]);
      for (const { key, value } of chunk) rows.set(String(key), Number(value));
    }
    return rows;
  };

  const { created, versions, deleted, unsure, registered, forgotten } = ledger;
  const kept = [...created].filter((id) => !deleted.has(id) && !unsure.has(id));
  const tasks = await found(
    "select id as key, version as value from tasks where id = any($1)",
    "uuid",
    created,
  );
  const users = await found(
    "select email as key, 1 as value from users where email = any($1)",
    "text",
    registered,
  );
  const mails = await found(
    "select recipient as key, count(*) as value from outbox where kind = 'reset-password' and recipient = any($1) group by 1",
    "text",
    forgotten.keys(),
  );
  const ring = keyRing(identityOf(stack).AUTH_SECRET);
  const ended = ledger.loggedOut.flatMap((cookie) => {
    const token = readRefreshToken(ring, cookie.slice(cookie.indexOf("=") + 1));
    return token ? [token.sessionId] : [];
  });
  const sessions = await found(
    "select id as key, 1 as value from sessions where id = any($1) and ended_at is not null",
    "uuid",
    ended,
  );
  const isCurrent = (id: string) => (tasks.get(id) ?? 0) >= (versions.get(id) ?? 1);
  return [
    ...missing("tasks", kept, (id) => tasks.has(id)),
    ...missing("changes of tasks", kept, isCurrent),
    ...missing("deletions", deleted, (id) => !tasks.has(id)),
    ...missing("registrations", registered, (email) => users.has(email)),
    ...missing("mails", forgotten.keys(), (email) => (mails.get(email) ?? 0) >= (forgotten.get(email) ?? 0)),
    ...missing("logouts", ended, (id) => sessions.has(id)),
  ];
}
