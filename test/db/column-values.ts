/** SQL expressions by `table.column`. They may use the number of the row, `n`, which starts at 1. */
export type ColumnValues = Record<string, string>;

/**
 * Values for columns whose type and constraints do not determine a valid one. sample-rows.ts derives all others.
 * Tests that look at certain values add entries for them.
 */
export const columnValues: ColumnValues = {
  "users.email": "'user' || n || '@example.com'",
  "users.email_key": "'user' || n || '@example.com'",
  // An unconfirmed user becomes a registration.
  "users.email_verified_at": "now()",
  "sessions.idle_expires_at": "now() + interval '1 day'",
  "sessions.expires_at": "now() + interval '9 days'",
  "links.purpose": "'verify-email'",
  "email_budget.starts_at": "now() - n * interval '10 minutes'",
  "event_chains.chain": "'security'",
  "tasks.priority": "n % 4",
  "tasks.position": "position_at(n)",
  "projects.position": "position_at(n)",
  "sync_heads.counted_by": "'1'::xid8",
  "tombstones.kind": "'task'",
  "trashed_tasks.status": "'todo'",
  "suppressions.reason": "'bounce'",
  "outbox.kind": "'already-registered'",
};
