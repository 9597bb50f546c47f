import { sql } from "drizzle-orm";
import * as z from "zod";
import { jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { eventLiteral, insertSecurityEvent, type NewEvent } from "../../auth/queries/security-events.js";
import { insertNotices, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { type Author, actionLiteral, insertEvents } from "./events.js";
import { lockUser } from "./lock-user.js";
import { adminUserColumns, adminUserRow } from "./users.js";

const restored = z.object({ user: adminUserRow, emails: z.array(leasedEmail) });

/**
 * Reopens a closed account, records that for admins and for the user, and inserts the notice. An open account stays as it
 * is. Returns no row for an unknown user.
 */
export const restoreUserRow = (
  id: string,
  author: Author,
  event: NewEvent,
  appUrl: string,
): Query<z.output<typeof restored>> => ({
  name: "restoreUser",
  first: [lockUser(id)],
  statement: sql`
    with closed_user as materialized (
      select id, closed_at from users where id = ${id}::uuid and closed_at is not null
    ),
    restored_user as (
      update users set closed_at = null, updated_at = now() from closed_user where users.id = closed_user.id
      returning users.id, users.email, ${jsonObject(adminUserColumns)} as user
    ),
    new_event as (${insertEvents(
      author,
      sql`select restored_user.id as target_id, ${actionLiteral("restored")} as action,
                 jsonb_build_object('closedAt', closed_user.closed_at) as before,
                 jsonb_build_object('closedAt', null) as after, 0 as position
            from restored_user join closed_user on closed_user.id = restored_user.id`,
    )}),
    new_own_event as (${insertSecurityEvent(
      event,
      sql`select id as user_id, ${eventLiteral("account-restored")} as kind, null::uuid as session_id
            from restored_user`,
    )}),
    new_email as (${insertNotices(
      sql`select id as user_id, email as recipient, ${kindLiteral("account-restored")} as kind,
                 null::uuid as about_user_id from restored_user`,
      appUrl,
    )})
    select coalesce((select restored_user.user from restored_user), ${jsonObject(adminUserColumns)}) as user,
           coalesce((select jsonb_agg(new_email.email) from new_email), '[]') as emails
      from users where users.id = ${id}::uuid`,
  rowSchema: restored,
});
