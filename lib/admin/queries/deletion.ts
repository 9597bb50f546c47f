import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { isBanned } from "../../auth/queries/ban.js";
import { hasOtherAdmin, isActiveAdmin, targetUser } from "./active-admin.js";
import { type Author, actionLiteral, insertEvents } from "./events.js";

const deleted = z.object({ isApplied: z.boolean() });

/** Also deletes sign-ups with the address. Returns no row for an unknown id, and false for the last admin. */
export const deleteUserRow = (id: string, author: Author): Query<z.output<typeof deleted>> => ({
  name: "deleteUser",
  statement: sql`
    with ${targetUser(sql`id = ${id}::uuid`)},
    deleted_user as (
      delete from users using target_user
       where users.id = target_user.id
         and (not ${isActiveAdmin("target_user")} or ${hasOtherAdmin})
      returning users.id, users.email_key, users.role,
                case when ${isBanned("users")} then users.banned_at end as banned_at
    ),
    address_registration as materialized (
      select id from registrations where email_key = (select email_key from deleted_user)
    ),
    deleted_email as (delete from outbox where link_id in (select id from address_registration)),
    deleted_registration as (delete from registrations where id in (select id from address_registration)),
    new_event as (${insertEvents(
      author,
      sql`select id as target_id, ${actionLiteral("deleted")} as action, 0 as position, null::jsonb as after,
                 jsonb_build_object('role', role, 'bannedAt', banned_at) as before
            from deleted_user`,
    )})
    select exists (select from deleted_user) as "isApplied" from target_user`,
  rowSchema: deleted,
});
