import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { type EventChainName, eventChainNames } from "../../../db/schema/event-chains.js";
import { dbTime } from "../../rows.js";
import { coveredEvent } from "./chain.js";
import { chainedTables } from "./chained-tables.js";

/** Few enough that a response stays small, whatever the rows hold. */
const batch = 500;

const tableOf = (chain: EventChainName): SQL => sql.raw(`${chain}_events`);

const accountOf = (chain: EventChainName, relation: string): SQL =>
  sql.raw(`${relation}.${chainedTables[chain].account}`);

const head = z.object({
  seq: z.int(),
  seal: z.string(),
  purgedSeq: z.int().nullable(),
  purgedMac: z.string().nullable(),
  purgedSeal: z.string().nullable(),
});

const chainedEvent = z.object({
  account: z.string(),
  id: z.string(),
  seq: z.int(),
  mac: z.string().nullable(),
  /** The columns that the MAC covers. */
  covered: z.string(),
  createdAt: dbTime,
  /** Where the chain ended when this row was read. */
  head: head.nullable(),
});
export type ChainedEvent = z.output<typeof chainedEvent>;

/** The last row of the batch before. */
export type Place = { account: string; seq: number };

/** The next events of all accounts, or of one, by account and place. */
export const selectChainedEvents = (
  chain: EventChainName,
  after: Place | null,
  account: string | null,
): Query<ChainedEvent> => ({
  name: "selectChainedEvents",
  statement: sql`
    select ${accountOf(chain, "event")} as account, event.id, event.seq, event.mac,
           ${coveredEvent(chainedTables[chain])}::text as covered, event.created_at as "createdAt",
           case when head.chain is not null then jsonb_build_object('seq', head.seq, 'seal', head.seal,
             'purgedSeq', head.purged_seq, 'purgedMac', head.purged_mac, 'purgedSeal', head.purged_seal) end as head
      from ${tableOf(chain)} as event
      left join event_chains as head on head.chain = ${chain} and head.account_id = ${accountOf(chain, "event")}
     where event.seq is not null
       ${account ? sql`and ${accountOf(chain, "event")} = ${account}::uuid` : sql``}
       ${after ? sql`and (${accountOf(chain, "event")}, event.seq) > (${after.account}::uuid, ${after.seq}::int)` : sql``}
     order by ${accountOf(chain, "event")}, event.seq limit ${batch}::int`,
  rowSchema: chainedEvent,
  isReadOnly: true,
});

const chainHead = z.object({ account: z.string(), seq: z.int(), isEmpty: z.boolean() });
export type ChainHead = z.output<typeof chainHead>;

/** The next heads, and whether the chain of each has lost all events. */
export const selectHeads = (chain: EventChainName, after: string | null): Query<ChainHead> => ({
  name: "selectHeads",
  statement: sql`
    select head.account_id as account, head.seq,
           not exists (select from ${tableOf(chain)} as event
                        where ${accountOf(chain, "event")} = head.account_id and event.seq is not null) as "isEmpty"
      from event_chains as head
     where head.chain = ${chain} ${after ? sql`and head.account_id > ${after}::uuid` : sql``}
     order by head.account_id limit ${batch}::int`,
  rowSchema: chainHead,
  isReadOnly: true,
});

const start = z.object({ createdAt: dbTime.nullable() });

/** When the first chained event of the database was written. */
export const selectFirstChained: Query<z.output<typeof start>> = {
  name: "selectFirstChained",
  statement: sql`
    select min(first.created_at) as "createdAt" from (${sql.join(
      eventChainNames.map(
        (chain) => sql`(select created_at from ${tableOf(chain)} where seq is not null
                         order by created_at limit 1)`,
      ),
      sql` union all `,
    )}) as first`,
  rowSchema: start,
  isReadOnly: true,
};

const unchained = z.object({
  count: z.int(),
  /** The first that is not older than the limit. */
  first: z.object({ account: z.string(), id: z.string() }).nullable(),
});

/** The events without a place in a chain. `until`: null accepts all. */
export const selectUnchained = (
  chain: EventChainName,
  until: string | null,
): Query<z.output<typeof unchained>> => ({
  name: "selectUnchained",
  statement: sql`
    select (select count(*)::int from ${tableOf(chain)} where seq is null) as count,
           (select jsonb_build_object('account', ${accountOf(chain, "event")}, 'id', event.id)
              from ${tableOf(chain)} as event
             where event.seq is null and event.created_at >= ${until}::timestamptz
             order by event.created_at limit 1) as first`,
  rowSchema: unchained,
  isReadOnly: true,
});
