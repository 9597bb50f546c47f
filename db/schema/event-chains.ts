import { check, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { isOneOf } from "./columns.js";
import { users } from "./users.js";

/** The tables whose rows are chained. */
export const eventChainNames = ["security", "admin"] as const;
export type EventChainName = (typeof eventChainNames)[number];

/**
 * Where the chain of events of one account begins and ends. `extend_event_chain` locks the row, so the events of one
 * account follow one another. A chain whose events have all been purged has no row.
 */
export const eventChains = pgTable(
  "event_chains",
  {
    chain: text("chain").notNull().$type<EventChainName>(),
    accountId: uuid("account_id").notNull(),
    /** The account of a security chain, which goes with it. Null for an admin chain, which outlives it. */
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    /** The last event. */
    seq: integer("seq").notNull(),
    /** A MAC over the last event, which the next one covers. No row holds the seal of an earlier event. */
    seal: text("seal").notNull(),
    /** The last event that the purge has deleted, if any, and a MAC over it. */
    purgedSeq: integer("purged_seq"),
    purgedMac: text("purged_mac"),
    purgedSeal: text("purged_seal"),
  },
  (t) => [
    primaryKey({ columns: [t.chain, t.accountId] }),
    index("event_chains_user").on(t.userId),
    check("event_chains_chain", isOneOf(t.chain, eventChainNames)),
  ],
);
