import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/client.js";
import { outboxLimits } from "../../mail/limits.js";
import { leasedMail, writeMail } from "../../mail/queries.js";
import type { Keys } from "../keys.js";
import { linkSeconds } from "../limits.js";
import { type Charge, chargeBudgets, throttled } from "../throttle.js";
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

const registered = z.object({ ...throttled, mail: leasedMail.nullable() });

/**
 * Creates the account, or writes a notice to the one there is. An account that nobody has confirmed is taken over
 * by the newest registration, and each registration's link puts its own password in force: who reads the mail of
 * theirs does not confirm a stranger's password. One row of each kind is written in every case.
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
      on conflict (email_key) do update set
         email = excluded.email, name = excluded.name, password_hash = excluded.password_hash,
         context_tags = excluded.context_tags, updated_at = now()
       where users.email_verified_at is null
      returning id
    ),
    l as (
      insert into links (id, user_id, purpose, password_hash, name, context_tags, expires_at)
      select ${r.linkId}::uuid, u.id, 'verify-email',
             case when u.id is not null then ${r.passwordHash} end, case when u.id is not null then ${r.name} end,
             case when u.id is not null then ${sql.param(r.contextTags)}::text[] end,
             now() + make_interval(secs => ${linkSeconds["verify-email"]})
        from t left join u on true where t.wait = 0
      returning id
    ),
    k as (select id, email from users where email_key = ${emailKey(r.email)} and email_verified_at is not null),
    o as (${writeMail(
      r.mailId,
      sql`
      select coalesce((select id from u), (select id from k)) as user_id,
             coalesce((select email from k), ${r.email}) as recipient,
             case when exists (select from u) then 'verify-email' else 'already-registered' end as kind,
             case when exists (select from u) then l.id end as link_id,
             make_interval(secs => case when exists (select from u) then ${linkSeconds["verify-email"]}::float8
                                        else ${outboxLimits.noticeSeconds}::float8 end) as lifetime
        from l`,
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
