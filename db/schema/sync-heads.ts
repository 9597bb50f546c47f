import { bigint, customType, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { seq, time } from "./columns.js";
import { users } from "./users.js";

const transactionId = customType<{ data: string }>({ dataType: () => "xid8" });

/**
 * The counter of changes of each account. A trigger increments it once per transaction, and locks its row until the commit.
 * So numbers become visible in order: a reader that has seen a number has seen all smaller ones.
 */
export const syncHeads = pgTable("sync_heads", {
  userId: uuid("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  seq: seq(),
  /** The last transaction that incremented the counter. All rows that it writes get the same number. */
  countedBy: transactionId("counted_by").notNull(),
  /** The largest number of a purged tombstone. A client that has seen less may have missed it. */
  horizon: bigint("horizon", { mode: "number" }).notNull().default(0),
});

/** The kinds of rows that clients synchronize. */
export const syncKinds = ["task", "label", "project"] as const;
export type SyncKind = (typeof syncKinds)[number];

/** Deleted rows, for clients that still have them. A trigger inserts and deletes the tombstones. */
export const tombstones = pgTable(
  "tombstones",
  {
    kind: text("kind").notNull().$type<SyncKind>(),
    id: uuid("id").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    deletedAt: time("deleted_at").notNull().defaultNow(),
    seq: seq(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.id] }),
    index("tombstones_by_seq").on(t.userId, t.seq, t.id),
    index("tombstones_deleted").on(t.deletedAt),
  ],
);
