import { type SQL, sql } from "drizzle-orm";
import type { Query } from "../../../db/client.js";
import { outboxLimits } from "../../mail/limits.js";
import { leasedMail, writeMail } from "../../mail/queries.js";
import * as z from "../../zod.js";
import type { Keys } from "../keys.js";
import { type LinkPurpose, linkSeconds } from "../limits.js";
import { type Charge, chargeBudgets, throttled } from "../throttle.js";
import { emailKey } from "./accounts.js";
import { confirming } from "./confirming.js";

const requested = z.object({ ...throttled, mail: z.nullable(leasedMail) });

type LinkRequest = { purpose: LinkPurpose; email: string; linkId: string; mailId: string };

/**
 * Writes a link and its mail for the account of an address. For an address without one the same rows are written,
 * for nobody. A confirmation link is only for accounts that still need it.
 */
export const insertLink = (keys: Keys, charges: Charge[], r: LinkRequest): Query<typeof requested> => ({
  name: `insertLink ${r.purpose}`,
  statement: sql`
    with t as materialized (select * from ${chargeBudgets(keys, charges)}),
    u as (
      select users.* from t join users on t.wait = 0 and users.email_key = ${emailKey(r.email)}
       where ${r.purpose}::text = 'reset-password' or users.email_verified_at is null
    ),
    l as (
      insert into links (id, user_id, purpose, expires_at)
      select ${r.linkId}::uuid, u.id, ${asked[r.purpose].purpose}, now() + ${asked[r.purpose].lifetime}
        from t left join u on true where t.wait = 0
      returning id
    ),
    o as (${writeMail(
      r.mailId,
      sql`select u.id as user_id, u.email as recipient, ${asked[r.purpose].kind} as kind, l.id as link_id,
                 ${asked[r.purpose].lifetime} as lifetime
            from l left join u on true`,
    )})
    select t.wait, t.refused, (select mail from o) as mail from t`,
  row: requested,
});

const asked = {
  "verify-email": confirming,
  "reset-password": {
    purpose: sql`'reset-password'`,
    kind: sql`'reset-password'`,
    lifetime: sql`make_interval(secs => ${linkSeconds["reset-password"]}::float8)`,
  },
} satisfies Record<LinkPurpose, typeof confirming>;

/**
 * The link and its user, locked. User before link, here and everywhere: two links of one user, used at once, would
 * else wait for each other.
 */
const lockedLink = (purpose: LinkPurpose, linkId: string): SQL => sql`
    u as materialized (
      select users.* from users
       where id = (select user_id from links where id = ${linkId}::uuid and purpose = ${purpose})
         for no key update
    ),
    l as materialized (
      select links.* from links join u on u.id = links.user_id
       where links.id = ${linkId}::uuid and links.used_at is null and links.expires_at > now()
         for no key update of links
    )`;

const verified = z.object({ isVerified: z.boolean() });

/**
 * Confirms the address. Not when it was registered more than once: of two confirmation mails, the one that is
 * clicked could put a stranger's password in force. Ends the other such links.
 */
export const consumeVerification = (linkId: string): Query<typeof verified> => ({
  name: "consumeVerification",
  statement: sql`
    with ${lockedLink("verify-email", linkId)},
    w as (
      update users set email_verified_at = now(), updated_at = now()
        from l where users.id = l.user_id and users.email_verified_at is null and not users.is_contested
      returning users.id
    ),
    x as (
      update links set used_at = now() from w
       where links.user_id = w.id and links.purpose = 'verify-email' and links.used_at is null
    )
    select exists (select from w) as "isVerified"`,
  row: verified,
});

const reset = z.object({
  ...throttled,
  outcome: z.enum(["reset", "invalid", "context"]),
  mail: z.nullable(leasedMail),
});

export type Reset = {
  linkId: string;
  passwordHash: string;
  passwordTags: string[];
  mailId: string;
  eventId: string;
};

/**
 * Sets the password, unless it is the user's address or name (`context`; the link stays good). Whoever reads the
 * mail owns the address, so it counts as confirmed. The new epoch ends every session.
 */
export const consumeReset = (keys: Keys, charges: Charge[], r: Reset): Query<typeof reset> => ({
  name: "consumeReset",
  statement: sql`
    with t as materialized (select * from ${chargeBudgets(keys, charges)}),
    ${lockedLink("reset-password", r.linkId)},
    v as materialized (
      select u.id, u.email, u.context_tags && ${sql.param(r.passwordTags)}::text[] as is_context
        from l join u on u.id = l.user_id join t on t.wait = 0
    ),
    w as (
      update users set password_hash = ${r.passwordHash}, session_epoch = session_epoch + 1,
             email_verified_at = coalesce(email_verified_at, now()), updated_at = now()
        from v where users.id = v.id and not v.is_context
      returning users.id
    ),
    x as (update links set used_at = now() from w where links.user_id = w.id and links.used_at is null),
    e as (
      insert into security_events (id, user_id, kind)
      select ${r.eventId}::uuid, w.id, 'password-reset' from w
    ),
    o as (${writeMail(
      r.mailId,
      sql`select v.id as user_id, v.email as recipient, 'password-changed' as kind, null::uuid as link_id,
                 make_interval(secs => ${outboxLimits.noticeSeconds}) as lifetime
            from v join w on w.id = v.id`,
    )})
    select t.wait, t.refused, (select mail from o) as mail,
           case when exists (select from w) then 'reset'
                when exists (select from v where is_context) then 'context'
                else 'invalid' end as outcome
      from t`,
  row: reset,
});
