import { sql } from "drizzle-orm";
import type { Query } from "../../../db/client.js";
import { outboxLimits } from "../../mail/limits.js";
import { leasedMail, writeMail } from "../../mail/queries.js";
import * as z from "../../zod.js";
import type { Keys } from "../keys.js";
import { type Charge, chargeBudgets, throttled } from "../throttle.js";
import { confirming } from "./confirming.js";
import { userColumns, userRow } from "./user-row.js";

/** The address as accounts are told apart by it. */
export const emailKey = (email: string): string => email.toLowerCase();

export type Registration = {
  userId: string;
  linkId: string;
  mailId: string;
  email: string;
  name: string;
  passwordHash: string;
  contextTags: string[];
};

const registered = z.object({ ...throttled, mail: z.nullable(leasedMail) });

/**
 * Creates the account, or writes a notice to the one there is. When nobody has confirmed it yet, two people may have
 * registered it, and only one of them reads its mail: no password of theirs may come into force, so the mail asks to
 * choose one (see `consumeVerification`). One row of each kind is written in every case.
 */
export const insertRegistration = (
  keys: Keys,
  charges: Charge[],
  r: Registration,
): Query<typeof registered> => ({
  name: "insertRegistration",
  statement: sql`
    with t as materialized (select * from ${chargeBudgets(keys, charges)}),
    u as (
      insert into users (id, email, email_key, name, password_hash, context_tags)
      select ${r.userId}::uuid, ${r.email}, ${emailKey(r.email)}, ${r.name}, ${r.passwordHash},
             ${sql.param(r.contextTags)}::text[]
        from t where t.wait = 0
      on conflict (email_key) do update set is_contested = true, updated_at = now()
       where users.email_verified_at is null
      returning id, is_contested
    ),
    l as (
      insert into links (id, user_id, purpose, expires_at)
      select ${r.linkId}::uuid, u.id, ${confirming.purpose}, now() + ${confirming.lifetime}
        from t left join u on true where t.wait = 0
      returning id
    ),
    k as (select id, email from users where email_key = ${emailKey(r.email)} and email_verified_at is not null),
    o as (${writeMail(
      r.mailId,
      sql`
      select coalesce(u.id, (select id from k)) as user_id,
             coalesce((select email from k), ${r.email}) as recipient,
             case when u.id is null then 'already-registered' else ${confirming.kind} end as kind,
             case when u.id is not null then l.id end as link_id,
             case when u.id is null then make_interval(secs => ${outboxLimits.noticeSeconds})
                  else ${confirming.lifetime} end as lifetime
        from l left join u on true`,
    )})
    select t.wait, t.refused, (select mail from o) as mail from t`,
  row: registered,
});

export const selectMe = (userId: string): Query<typeof userRow> => ({
  name: "selectMe",
  statement: sql`select ${userColumns} from users where id = ${userId}::uuid`,
  row: userRow,
  reads: true,
});

/** `tag` is the name's place in the stored context: a later password may not equal the new name. */
export const updateMyName = (userId: string, name: string, tag: string): Query<typeof userRow> => ({
  name: "updateMyName",
  statement: sql`
    update users set name = ${name}, context_tags[2] = ${tag}, updated_at = now()
     where id = ${userId}::uuid returning ${userColumns}`,
  row: userRow,
});
