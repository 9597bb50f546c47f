import { type SQL, sql } from "drizzle-orm";
import { outboxLimits } from "../../mail/limits.js";
import { insertEmail, kindLiteral } from "../../mail/queries.js";
import type { DeviceAndPlace } from "../device-and-place.js";
import { deviceWords } from "../device-name.js";
import { newDeviceNotices } from "../limits.js";

export type NewDeviceNotice = { emailId: string; appUrl: string };

/** After "This wasn't me", the link in an earlier notice has no effect any more, so it does not count. */
const recentNotice = sql`
  select from outbox where user_id = signed_in_user.id and kind = ${kindLiteral("new-device")}
     and outbox.created_at > coalesce(users.devices_valid_from, '-infinity') and outbox.created_at > now() - make_interval(secs => ${newDeviceNotices.windowSeconds})`;

/**
 * The body of a CTE that tells the row of `signed_in_user` about a sign-in in a browser without the account's device
 * cookie. A browser that forgets its cookies is reported once a day by the same words, and one account gets a few
 * notices a day, so that a script cannot fill the mailbox. The budget of the mailbox does not apply: strangers can
 * spend it, and a thief would do so first. Sign-ins of one user run one at a time, so each sees the notices before it.
 */
export function insertNewDeviceNotice(notice: NewDeviceNotice | null, from: DeviceAndPlace): SQL {
  if (!notice) return sql`select null::jsonb as email`;
  const words = deviceWords(from);
  const source = sql`
    select users.id as user_id, users.email as recipient, ${kindLiteral("new-device")} as kind,
           null::uuid as link_id, make_interval(secs => ${outboxLimits.noticeSeconds}) as lifetime
      from signed_in_user join users on users.id = signed_in_user.id
     where not exists (${recentNotice} and dead_at is null and device is not distinct from ${words.device}::text
                          and place is not distinct from ${words.place}::text)
       and (select count(*) from (${recentNotice}) as recent_notice) < ${newDeviceNotices.maxPerWindow}::int`;
  return insertEmail(notice.emailId, source, notice.appUrl, words);
}
