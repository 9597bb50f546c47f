import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import type { AdminAction } from "../../../db/schema/admin-events.js";
import { outboxLimits } from "../../mail/limits.js";
import { isVoid } from "../../mail/queries/candidates.js";
import { knownKinds, leasedEmail, leasedJson } from "../../mail/queries.js";
import { type Author, actionLiteral, insertEvents } from "./events.js";

/** Its sender may hold the row: a retry waits for the record of that attempt, and then sees it. */
const lockEmail = (id: string): SQL => sql`select from outbox where id = ${id}::uuid for update`;

/**
 * The event about an email in `changed_email`, without its address. It is about the user of the email. An email without an
 * account is in the chain of the admin.
 */
const insertEmailEvent = (action: AdminAction, author: Author): SQL =>
  insertEvents(
    author,
    sql`select coalesce(changed_email.user_id, ${author.actorId}::uuid) as target_id,
               ${actionLiteral(action)} as action, null::jsonb as before,
               jsonb_build_object('email', jsonb_build_object('id', changed_email.id, 'kind', changed_email.kind,
                                    'hasAccount', changed_email.user_id is not null)) as after,
               0 as position
          from changed_email`,
  );

const retried = z.object({
  isOutdated: z.boolean(),
  /** Leased to this request. Null: it was sent, or another process sends it. */
  email: leasedEmail.nullable(),
});

/** Of an email without an error: its first attempt is running, here or elsewhere. */
const isBeingSent: SQL = sql`(outbox.attempts = 1 and outbox.due_at > now())`;
/** The same, but left to another deployment, which has not started. */
const isFreshlyDue: SQL = sql`(outbox.attempts = 0 and outbox.due_at <= now())`;

/**
 * Makes an email due, with all its attempts. Leases it to this request, unless it belongs to another deployment or is of a
 * kind that this release does not know. An email that was sent, or whose first attempt has not ended, stays as it is.
 * Returns no row for an unknown email.
 */
export const retryEmailRow = (
  id: string,
  author: Author,
  appUrl: string,
): Query<z.output<typeof retried>> => ({
  name: "retryEmail",
  first: [lockEmail(id)],
  statement: sql`
    with wanted_email as materialized (
      select outbox.*, outbox.expires_at <= now() or ${isVoid} as is_outdated,
             outbox.kind = any(${knownKinds}) and (outbox.app_url is null or outbox.app_url = ${appUrl}) as is_own
        from outbox where outbox.id = ${id}::uuid and outbox.recipient is not null
    ),
    changed_email as (
      update outbox set dead_at = null, last_error = null, attempts = wanted_email.is_own::int,
             due_at = now() + make_interval(secs => case when wanted_email.is_own then ${outboxLimits.leaseSeconds}
                                                         else 0 end)
        from wanted_email
       where outbox.id = wanted_email.id and outbox.sent_at is null and not wanted_email.is_outdated
         and not (outbox.dead_at is null and outbox.last_error is null
                  and (${isBeingSent} or (not wanted_email.is_own and ${isFreshlyDue})))
      returning outbox.id, outbox.user_id, outbox.kind, case when wanted_email.is_own then ${leasedJson} end as email
    ),
    new_event as (${insertEmailEvent("email-retried", author)})
    select wanted_email.is_outdated and wanted_email.sent_at is null as "isOutdated",
           (select changed_email.email from changed_email) as email
      from wanted_email`,
  rowSchema: retried,
});

const dropped = z.object({ isSent: z.boolean() });

/**
 * Withholds an email for good. The row stays without its address until the purge: if the email is being sent at this
 * moment, its link "This wasn't me" has to work. Returns no row for an unknown email.
 */
export const dropEmailRow = (id: string, author: Author): Query<z.output<typeof dropped>> => ({
  name: "dropEmail",
  first: [lockEmail(id)],
  statement: sql`
    with changed_email as (
      update outbox set recipient = null, sent_at = now(), dead_at = null
       where id = ${id}::uuid and sent_at is null
      returning id, user_id, kind
    ),
    new_event as (${insertEmailEvent("email-dropped", author)})
    select outbox.sent_at is not null as "isSent" from outbox where id = ${id}::uuid and recipient is not null`,
  rowSchema: dropped,
});
