import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/client.js";
import type { LinkPurpose } from "../../../db/schema/links.js";
import type { Keys } from "../../crypto/keys.js";
import { outboxLimits } from "../../mail/limits.js";
import { insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import { emailKey } from "../email-key.js";
import { type Charge, chargeBudgets, throttleColumns } from "../throttle.js";
import { confirmationOf, type LinkSql, linkSql } from "./confirmation.js";

const requested = z.object({ ...throttleColumns, email: leasedEmail.nullable() });

export type LinkRequest = { purpose: LinkPurpose; email: string; linkId: string; emailId: string };

const linkSqlOf: Record<LinkPurpose, LinkSql> = {
  "verify-email": confirmationOf("known_user"),
  "reset-password": linkSql("reset-password", "reset-password"),
};

/**
 * Inserts a link and its email for the account of an address. An unknown address gets the same rows, without a user.
 * Confirmation links are only for accounts that still need one.
 */
export const insertLink = (
  keys: Keys,
  charges: Charge[],
  { purpose, email, linkId, emailId }: LinkRequest,
): Query<z.output<typeof requested>> => {
  const link = linkSqlOf[purpose];
  return {
    name: `insertLink ${purpose}`,
    statement: sql`
    with budget as materialized (select * from ${chargeBudgets(keys, charges)}),
    known_user as (
      select users.* from budget join users on budget.wait = 0 and users.email_key = ${emailKey(email)}
       where ${purpose}::text = 'reset-password' or users.email_verified_at is null
    ),
    new_link as (
      insert into links (id, user_id, purpose, expires_at)
      select ${linkId}::uuid, known_user.id, ${link.purpose}, now() + ${link.lifetime}
        from budget left join known_user on true where budget.wait = 0
      returning id
    ),
    new_email as (${insertEmail(
      emailId,
      sql`select known_user.id as user_id, known_user.email as recipient, ${link.emailKind} as kind,
                 new_link.id as link_id, ${link.lifetime} as lifetime
            from new_link left join known_user on true`,
    )})
    select budget.wait, budget.refused, (select email from new_email) as email from budget`,
    rowSchema: requested,
  };
};

/**
 * The link and its user, locked. The user always comes first: otherwise concurrent uses of two links could each hold
 * one lock and wait for the other. `for no key update` blocks writers, but not the foreign-key checks of
 * inserts that refer to the user.
 */
const lockedLink = (purpose: LinkPurpose, linkId: string): SQL => sql`
    link_user as materialized (
      select users.* from users
       where id = (select user_id from links where id = ${linkId}::uuid and purpose = ${purpose})
         for no key update
    ),
    valid_link as materialized (
      select links.* from links join link_user on link_user.id = links.user_id
       where links.id = ${linkId}::uuid and links.used_at is null and links.expires_at > now()
         for no key update of links
    )`;

const verified = z.object({ isVerified: z.boolean() });

/**
 * Confirms the address and ends its other confirmation links. Refuses a contested account, because a click could
 * make a stranger's password valid.
 */
export const consumeVerification = (linkId: string): Query<z.output<typeof verified>> => ({
  name: "consumeVerification",
  statement: sql`
    with ${lockedLink("verify-email", linkId)},
    verified_user as (
      update users set email_verified_at = now(), updated_at = now()
        from valid_link
       where users.id = valid_link.user_id and users.email_verified_at is null and not users.is_contested
      returning users.id
    ),
    used_links as (
      update links set used_at = now() from verified_user
       where links.user_id = verified_user.id and links.purpose = 'verify-email' and links.used_at is null
    )
    select exists (select from verified_user) as "isVerified"`,
  rowSchema: verified,
});

const reset = z.object({
  ...throttleColumns,
  outcome: z.enum(["reset", "invalid", "context"]),
  email: leasedEmail.nullable(),
});

export type Reset = {
  linkId: string;
  passwordHash: string;
  passwordTags: string[];
  emailId: string;
  eventId: string;
};

/**
 * Sets the password, unless it equals the user's address or name (`context`; the link stays valid). The reader of
 * the email owns the address, so this also confirms it. The new epoch ends every session.
 */
export const consumeReset = (
  keys: Keys,
  charges: Charge[],
  { linkId, passwordHash, passwordTags, emailId, eventId }: Reset,
): Query<z.output<typeof reset>> => ({
  name: "consumeReset",
  statement: sql`
    with budget as materialized (select * from ${chargeBudgets(keys, charges)}),
    ${lockedLink("reset-password", linkId)},
    candidate as materialized (
      select link_user.id, link_user.email,
             link_user.context_tags && ${sql.param(passwordTags)}::text[] as is_context
        from valid_link join link_user on link_user.id = valid_link.user_id join budget on budget.wait = 0
    ),
    reset_user as (
      update users set password_hash = ${passwordHash}, session_epoch = session_epoch + 1,
             email_verified_at = coalesce(email_verified_at, now()), updated_at = now()
        from candidate where users.id = candidate.id and not candidate.is_context
      returning users.id
    ),
    used_links as (
      update links set used_at = now() from reset_user
       where links.user_id = reset_user.id and links.used_at is null
    ),
    new_event as (
      insert into security_events (id, user_id, kind)
      select ${eventId}::uuid, reset_user.id, 'password-reset' from reset_user
    ),
    new_email as (${insertEmail(
      emailId,
      sql`select candidate.id as user_id, candidate.email as recipient, ${kindLiteral("password-changed")} as kind,
                 null::uuid as link_id, make_interval(secs => ${outboxLimits.noticeSeconds}) as lifetime
            from candidate join reset_user on reset_user.id = candidate.id`,
    )})
    select budget.wait, budget.refused, (select email from new_email) as email,
           case when exists (select from reset_user) then 'reset'
                when exists (select from candidate where is_context) then 'context'
                else 'invalid' end as outcome
      from budget`,
  rowSchema: reset,
});
