import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import type { NewPassword } from "../new-password.js";
import { throttleColumns } from "../throttle.js";
import { addressLock, isReserved } from "./address-holders.js";
import { isBanned } from "./ban.js";
import { account, accountJson, type NewSession, startedSession, startSession } from "./sessions.js";
import { userColumns } from "./user-columns.js";

const confirmation = z.object({
  ...throttleColumns,
  /**
   * `confirmed`: a new user. `repeated`: this browser has confirmed before, and its password still stands.
   * `check-password`: the address has an account, so the typed password must be its password.
   */
  outcome: z.enum([
    "confirmed",
    "repeated",
    "check-password",
    "password-required",
    "context",
    "breached",
    "banned",
    "invalid",
  ]),
  /** The address of the link. */
  address: z.string().nullable(),
  account: account.nullable(),
  started: startedSession.nullable(),
});

export type Confirmation = NewSession & {
  /** The registration that the link names. */
  linkedId: string;
  /** The registration that this browser made, if it did. */
  ownId: string | null;
  typed: (NewPassword & { tags: string[] }) | null;
  /** The id of the new user. */
  userId: string;
};

/**
 * Makes a registration the user of its address and signs the person in. The link proves the mailbox. The password
 * that takes effect is the one that this person types, or the one of the registration that this browser made: never
 * that of a stranger. Of one address, confirmations run one at a time. The first settles the other registrations too.
 * They stay until they expire: if they went, a stranger who repeats a sign-up with its Idempotency-Key could tell that
 * the owner has confirmed.
 */
export const confirmRegistration = (
  charge: SQL,
  { linkedId, ownId, typed, userId, ...session }: Confirmation,
): Query<z.output<typeof confirmation>> => {
  const isTyped = sql`${typed !== null}::boolean`;
  return {
    name: "confirmRegistration",
    first: [sql`select ${addressLock(sql`email_key`)} from registrations where id = ${linkedId}::uuid`],
    statement: sql`
    with budget as materialized (select * from ${charge}),
    linked as materialized (
      select registrations.* from budget join registrations on budget.wait = 0
       where registrations.id = ${linkedId}::uuid and registrations.expires_at > now()
    ),
    own as materialized (
      select registrations.* from linked join registrations on registrations.email_key = linked.email_key
       where registrations.id = ${ownId}::uuid and registrations.expires_at > now()
    ),
    chosen as materialized (
      select * from own union all select * from linked where not exists (select from own)
    ),
    account as materialized (
      select users.* from linked join users on users.id =
             coalesce(linked.user_id, (select id from users where email_key = linked.email_key))
    ),
    decision as materialized (
      select case
               when linked.id is null or account.closed_at is not null then 'invalid'
               when account.email_key <> linked.email_key then 'invalid'
               when account.id is null and ${isReserved(sql`linked.email_key`)} then 'invalid'
               when account.id is not null and ${isTyped} then 'check-password'
               when own.password_hash = account.password_hash and ${isBanned("account")} then 'banned'
               when own.password_hash = account.password_hash then 'repeated'
               when account.id is not null then 'password-required'
               when chosen.context_tags && ${sql.param(typed?.tags ?? [])}::text[] then 'context'
               when ${typed?.isBreached ?? false}::boolean then 'breached'
               when ${isTyped} or own.id is not null then 'confirmed'
               else 'password-required'
             end as outcome
        from (select) as always_one_row left join linked on true left join own on true
        left join chosen on true left join account on true
    ),
    new_user as (
      insert into users (id, email, email_key, name, password_hash, context_tags, email_verified_at)
      select ${userId}::uuid, chosen.email, chosen.email_key, chosen.name,
             coalesce(${typed?.passwordHash ?? null}::text, chosen.password_hash), chosen.context_tags, now()
        from chosen join decision on decision.outcome = 'confirmed'
      returning *
    ),
    settled_registration as (
      update registrations set user_id = new_user.id from new_user
       where registrations.email_key = new_user.email_key
    ),
    signed_in_user as materialized (
      select * from new_user union all
      select account.* from account join decision on decision.outcome = 'repeated'
    ),
    ${startSession(session)}
    select budget.wait, budget.refused, decision.outcome, (select email from linked) as address,
           (select ${accountJson} from account as users) as account,
           (select jsonb_build_object('user', ${jsonObject(userColumns)}, 'authTime', new_session.created_at)
              from new_session join signed_in_user as users on users.id = new_session.user_id) as started
      from budget, decision`,
    rowSchema: confirmation,
  };
};
