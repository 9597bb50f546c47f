import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/client.js";
import { selectList } from "../../../db/columns.js";
import type { Keys } from "../../crypto/keys.js";
import { outboxLimits } from "../../mail/limits.js";
import { insertEmail, kindLiteral, leasedEmail } from "../../mail/queries.js";
import type { User } from "../contract.js";
import { emailKey } from "../email-key.js";
import { type Charge, chargeBudgets, throttleColumns } from "../throttle.js";
import { confirmationOf } from "./confirmation.js";
import { userColumns, userRow } from "./user-columns.js";

export type Registration = {
  userId: string;
  linkId: string;
  emailId: string;
  email: string;
  name: string;
  passwordHash: string;
  contextTags: string[];
};

const registered = z.object({ ...throttleColumns, email: leasedEmail.nullable() });

/**
 * Creates an unconfirmed account, or sends a notice to the confirmed one. If an unconfirmed account exists, two
 * people may have signed up and only one of them reads the mailbox: the account becomes contested, so that no
 * password becomes valid before its owner chooses one (see `confirmationOf`). Every case writes one link and
 * one email, so that size and timing reveal nothing.
 */
export const insertRegistration = (
  keys: Keys,
  charges: Charge[],
  registration: Registration,
): Query<z.output<typeof registered>> => {
  const { userId, linkId, emailId, email, name, passwordHash, contextTags } = registration;
  const confirmation = confirmationOf("pending_user");
  return {
    name: "insertRegistration",
    statement: sql`
    with budget as materialized (select * from ${chargeBudgets(keys, charges)}),
    pending_user as (
      insert into users (id, email, email_key, name, password_hash, context_tags)
      select ${userId}::uuid, ${email}, ${emailKey(email)}, ${name}, ${passwordHash},
             ${sql.param(contextTags)}::text[]
        from budget where budget.wait = 0
      on conflict (email_key) do update set is_contested = true, updated_at = now()
       where users.email_verified_at is null
      returning id, is_contested
    ),
    confirmed_user as (
      select id, email from users where email_key = ${emailKey(email)} and email_verified_at is not null
    ),
    new_link as (
      insert into links (id, user_id, purpose, expires_at)
      select ${linkId}::uuid, pending_user.id, ${confirmation.purpose}, now() + ${confirmation.lifetime}
        from budget left join pending_user on true where budget.wait = 0
      returning id
    ),
    new_email as (${insertEmail(
      emailId,
      sql`
      select coalesce(pending_user.id, (select id from confirmed_user)) as user_id,
             coalesce((select email from confirmed_user), ${email}) as recipient,
             case when pending_user.id is null then ${kindLiteral("already-registered")}
                  else ${confirmation.emailKind} end as kind,
             case when pending_user.id is not null then new_link.id end as link_id,
             case when pending_user.id is null then make_interval(secs => ${outboxLimits.noticeSeconds})
                  else ${confirmation.lifetime} end as lifetime
        from new_link left join pending_user on true`,
    )})
    select budget.wait, budget.refused, (select email from new_email) as email from budget`,
    rowSchema: registered,
  };
};

export const selectMe = (userId: string): Query<User> => ({
  name: "selectMe",
  statement: sql`select ${selectList(userColumns)} from users where id = ${userId}::uuid`,
  rowSchema: userRow,
  isReadOnly: true,
});

/** `nameTag` replaces the second context tag, so that a later password may not equal the new name. */
export const updateMyName = (userId: string, name: string, nameTag: string): Query<User> => ({
  name: "updateMyName",
  statement: sql`
    update users set name = ${name}, context_tags[2] = ${nameTag}, updated_at = now()
     where id = ${userId}::uuid returning ${selectList(userColumns)}`,
  rowSchema: userRow,
});
