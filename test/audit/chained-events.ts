import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { uuidv7 } from "uuidv7";
import { type Database, openDatabase } from "../../db/client.js";
import type { EventChainName } from "../../db/schema/event-chains.js";
import { auditKey } from "../../lib/audit/audit-key.js";
import { chainLink } from "../../lib/audit/queries/chain.js";
import { chainedTables } from "../../lib/audit/queries/chained-tables.js";
import { type Audit, type AuditReport, verifyAudit } from "../../lib/audit/verify.js";
import { type KeyRing, keyRing } from "../../lib/crypto/keys.js";
import { authEnv } from "../stack/seed.js";
import type { Stack } from "../stack/stack.js";

export const ringOf = (stack: Stack): KeyRing => keyRing(authEnv(stack).AUTH_SECRET);

/** The database as the functions see it. */
export const databaseOf = ({ env }: Stack): Database =>
  openDatabase({ url: String(env["DATABASE_URL"]), endpoint: env["NEON_FETCH_ENDPOINT"] });

/** Records an event as a release did at that time. */
export async function recordEvent(
  stack: Stack,
  chain: EventChainName,
  account: string,
  at = new Date(),
  ring = ringOf(stack),
): Promise<string> {
  const id = uuidv7();
  const link = chainLink(chainedTables[chain], auditKey(ring, at));
  const statement =
    chain === "security"
      ? sql`
        insert into security_events (id, user_id, kind, session_id, created_at, browser, os, device_kind, place, seq, mac)
        select event.*, link.seq, link.mac
          from (select ${id}::uuid as id, ${account}::uuid as user_id, 'login' as kind, ${uuidv7()}::uuid as session_id,
                       ${at}::timestamptz as created_at, 'Firefox' as browser, 'Linux' as os, 'desktop' as device_kind,
                       'near Aarhus, DK' as place) as event cross join lateral ${link}`
      : sql`
        insert into admin_events (id, actor_id, target_id, action, before, after, request_id, created_at, seq, mac)
        select event.*, link.seq, link.mac
          from (select ${id}::uuid as id, ${uuidv7()}::uuid as actor_id, ${account}::uuid as target_id,
                       'banned' as action, '{"bannedAt": null}'::jsonb as before,
                       '{"bannedAt": "2026-01-01"}'::jsonb as after, 'request' as request_id,
                       ${at}::timestamptz as created_at) as event cross join lateral ${link}`;
  const { sql: text, params } = new PgDialect().sqlToQuery(statement);
  await stack.sql(text, params);
  return id;
}

/** Records several events. Returns their ids. */
export async function recordEvents(
  stack: Stack,
  chain: EventChainName,
  account: string,
  count: number,
  at?: Date,
): Promise<string[]> {
  const ids = [];
  for (let i = 0; i < count; i += 1) ids.push(await recordEvent(stack, chain, account, at));
  return ids;
}

export const daysAgo = (days: number): Date => new Date(Date.now() - days * 24 * 60 * 60 * 1000);

export const auditOf = (stack: Stack, changes: Partial<Audit> = {}): Promise<AuditReport> =>
  verifyAudit({ ring: ringOf(stack), open: () => databaseOf(stack), ...changes });

/** Does what an attacker does who owns the tables: no trigger is in the way. */
export async function tamper(stack: Stack, text: string, params: unknown[] = []): Promise<void> {
  await stack.sql("alter table admin_events disable trigger user");
  try {
    await stack.sql(text, params);
  } finally {
    await stack.sql("alter table admin_events enable trigger user");
  }
}
