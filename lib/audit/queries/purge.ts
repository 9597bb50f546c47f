import { type SQL, sql } from "drizzle-orm";
import { type EventChainName, eventChainNames } from "../../../db/schema/event-chains.js";
import type { AuditKey } from "../audit-key.js";
import { eventRetentionDays } from "../retention.js";
import { keyArguments } from "./chain.js";
import { chainedTables } from "./chained-tables.js";

const conditions: Record<EventChainName, string> = {
  security: `created_at < now() - interval '${eventRetentionDays} days'`,
  admin: "created_at < now() - admin_event_retention()",
};

/**
 * CTEs that delete expired events of one table. `purged_<chain>_events` returns them. A chain loses its oldest events
 * only: an event stays while one before it stays. A signed checkpoint takes their place, and a chain without events
 * ends. It skips rows that are locked, so it never waits while it holds a lock.
 */
const purgeChain = (chain: EventChainName, limit: number, key: AuditKey): SQL => {
  const name = (part: string) => sql.raw(`${part}_${chain}_events`);
  const table = sql.raw(`${chain}_events`);
  const { account } = chainedTables[chain];
  return sql`
    ${name("expired")} as materialized (
      select id, ${sql.identifier(account)} as account_id, seq, mac from ${table}
       where ${sql.raw(conditions[chain])} order by created_at limit ${limit}::int for update skip locked
    ),
    ${name("heads_of")} as materialized (
      select account_id, seq, purged_seq from event_chains
       where chain = ${chain} and account_id = any(array(select account_id from ${name("expired")}))
         for update skip locked
    ),
    ${name("oldest")} as materialized (
      select numbered.*, head.seq as head_seq
        from (select expired.*, row_number() over (partition by account_id order by seq) as place
                from ${name("expired")} as expired where seq is not null) as numbered
        join ${name("heads_of")} as head using (account_id)
       where numbered.seq = coalesce(head.purged_seq, 0) + numbered.place
    ),
    ${name("purged")} as (
      delete from ${table} where id = any(array(
        select id from ${name("oldest")} union all select id from ${name("expired")} where seq is null))
      returning 1
    ),
    ${name("last_of")} as materialized (
      select distinct on (account_id) * from ${name("oldest")} order by account_id, seq desc
    ),
    ${name("ended")} as (
      delete from event_chains using ${name("last_of")} as last
       where event_chains.chain = ${chain} and event_chains.account_id = last.account_id and last.seq = last.head_seq
    ),
    ${name("checkpoint_of")} as (
      update event_chains set purged_seq = last.seq, purged_mac = last.mac,
             purged_seal = event_mac(concat_ws(E'\\n', 'purged', ${chain}::text, last.account_id, last.seq, last.mac),
                                     ${keyArguments(key)})
        from ${name("last_of")} as last
       where event_chains.chain = ${chain} and event_chains.account_id = last.account_id and last.seq < last.head_seq
    )`;
};

/** CTEs that delete up to `limit` expired events of each table. */
export const purgeEvents = (limit: number, key: AuditKey): SQL =>
  sql.join(
    eventChainNames.map((chain) => purgeChain(chain, limit, key)),
    sql`,`,
  );
