import { type SQL, sql } from "drizzle-orm";
import type { LinkPurpose } from "../../../db/schema/links.js";
import { outboxLimits } from "../../mail/limits.js";
import { emailKey } from "../email-key.js";

export const noticeLifetime = sql`make_interval(secs => ${outboxLimits.noticeSeconds})`;

/** A purpose in SQL, checked by the compiler. */
export const purposeLiteral = (purpose: LinkPurpose): SQL => sql.raw(`'${purpose}'`);

/**
 * CTEs: `known_user`, the account that `find` finds for an address, and `restore_link`, which opens it again. Only a
 * closed account has one. Only its mailbox may learn that the account is closed: to callers, the address is unknown or
 * taken.
 */
export const knownUser = (email: string, find: (key: SQL) => SQL): SQL => sql`
    known_user as materialized (
      select found.id, found.email, users.closed_at is not null as is_closed
        from (${find(sql`${emailKey(email)}`)}) as found
        left join users on users.id = found.id and users.email_key = ${emailKey(email)}
    ),
    restore_link as materialized (
      select links.id, least(links.expires_at - now(), ${noticeLifetime}) as lifetime
        from known_user join links on links.user_id = known_user.id
       where known_user.is_closed and links.purpose = ${purposeLiteral("restore-account")}
         and links.used_at is null and links.expires_at > now()
       order by links.id desc limit 1
    )`;

/** Whether the address may get an email. A closed account that waits for its purge cannot be restored any more. */
export const isReachable: SQL = sql`(known_user.is_closed is not true or restore_link.id is not null)`;
