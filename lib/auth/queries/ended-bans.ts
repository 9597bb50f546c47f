import { type SQL, sql } from "drizzle-orm";
import { insertNotices, kindLiteral } from "../../mail/queries.js";

/** Rows per run of the cron. The others wait: nobody needs the run to sign in. */
const liftedPerRun = 200;

/**
 * CTEs that clear the bans which have ended by themselves, and tell the users once. `new_notice` returns the emails. The
 * event of the ban states its end, so this records nothing. It skips rows that an admin is changing.
 */
export const liftEndedBans = (appUrl: string): SQL => sql`
    lifted_user as (
      update users set banned_at = null, ban_reason = null, banned_until = null
       where id = any(array(
         select id from users where banned_until <= now() and banned_at is not null
          order by banned_until limit ${liftedPerRun}::int for update skip locked))
      returning id, email, closed_at
    ),
    new_notice as (${insertNotices(
      sql`select id as user_id, email as recipient, ${kindLiteral("unbanned")} as kind, null::uuid as about_user_id
            from lifted_user where closed_at is null`,
      appUrl,
    )})`;
