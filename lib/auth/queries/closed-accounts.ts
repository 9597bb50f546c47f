import { sql } from "drizzle-orm";
import * as z from "zod";
import { adminLock } from "../../../db/batch.js";
import type { Query } from "../../../db/query.js";
import { type Author, actionLiteral, insertEvents } from "../../admin/queries/events.js";
import type { AuditKey } from "../../audit/audit-key.js";
import { closedAccountDays } from "../limits.js";

/** Accounts per statement, which must finish well before the deadline: each may have 10,000 tasks. */
const purgedPerStatement = 5;

/** Of a row of `users`. */
export const isPurgeDue = sql`users.closed_at <= now() - make_interval(days => ${closedAccountDays})`;

const purged = z.object({ count: z.int() });

export type Purge = { key: AuditKey; requestId: string };

/**
 * Deletes closed accounts that are due, with all rows that name their people, and records it. The chain of security
 * events goes with the account. Other tables hold keyed hashes or ids only. Skips an account that another request
 * holds, so it never waits while it holds a lock.
 */
export const purgeClosedAccounts = ({ key, requestId }: Purge): Query<z.output<typeof purged>> => {
  const author: Author = { actorId: null, requestId, key };
  return {
    name: "purgeClosedAccounts",
    first: [adminLock],
    statement: sql`
    with due_user as materialized (
      select id, email_key, role, banned_at, closed_at from users
       where ${isPurgeDue}
       order by closed_at limit ${purgedPerStatement}::int for update skip locked
    ),
    deleted_user as (
      delete from users where id = any(array(select id from due_user)) returning id
    ),
    address_registration as materialized (
      select id from registrations where email_key = any(array(select email_key from due_user))
    ),
    deleted_email as (delete from outbox where link_id = any(array(select id from address_registration))),
    deleted_registration as (delete from registrations where id = any(array(select id from address_registration))),
    new_event as (${insertEvents(
      author,
      sql`select due_user.id as target_id, ${actionLiteral("purged")} as action,
                 row_number() over (order by due_user.closed_at, due_user.id)::int as position, null::jsonb as after,
                 jsonb_build_object('role', due_user.role, 'bannedAt', due_user.banned_at,
                                    'closedAt', due_user.closed_at) as before
            from due_user`,
    )})
    select count(*)::int as count from deleted_user`,
    rowSchema: purged,
  };
};
