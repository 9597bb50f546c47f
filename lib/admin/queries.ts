import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../db/client.js";
import { jsonObject, selectList } from "../../db/columns.js";
import { users } from "../../db/schema/users.js";
import { userColumns } from "../auth/queries/user-columns.js";
import { rowSchemaOf } from "../rows.js";
import { type AdminUser, adminUser, type UserChange } from "./contract.js";

const columns = { ...userColumns, bannedAt: users.bannedAt };
const adminUserRow = rowSchemaOf(adminUser);

type Page = {
  q: string | undefined;
  role: AdminUser["role"] | undefined;
  after: string | null;
  limit: number;
};

const searchText = sql`(email_key || ' ' || lower(name))`;

/** One or two letters or digits match only at the start of a word: the trigram index cannot find them elsewhere. */
function matches(q: string): SQL {
  const part = q.replace(/[\\%_]/g, "\\$&");
  if (!/^[\p{L}\p{N}]{1,2}$/u.test(q)) return sql`${searchText} like lower(${`%${part}%`})`;
  return sql`(${searchText} like lower(${`${part}%`}) or ${searchText} like lower(${`% ${part}%`}))`;
}

/** Selects one row more than the page, which shows whether there is a next page. */
export const selectUsers = ({ q, role, after, limit }: Page): Query<AdminUser> => ({
  name: "selectUsers",
  statement: sql`
    select ${selectList(columns)} from users
     where true
       ${q ? sql`and ${matches(q)}` : sql``}
       ${role ? sql`and role = ${role}` : sql``}
       ${after ? sql`and id < ${after}::uuid` : sql``}
     order by id desc limit ${limit + 1}::int`,
  rowSchema: adminUserRow,
  isReadOnly: true,
});

export const selectUser = (id: string): Query<AdminUser> => ({
  name: "selectUser",
  statement: sql`select ${selectList(columns)} from users where id = ${id}::uuid`,
  rowSchema: adminUserRow,
  isReadOnly: true,
});

/** An admin who can sign in. */
const isActiveAdmin = (relation: "target_user" | "users"): SQL =>
  sql.raw(`(${relation}.role = 'admin' and ${relation}.banned_at is null)`);

/** Safe without further locks: changes by admins run one at a time (db/client.ts). */
const hasOtherAdmin = (id: string): SQL => sql`exists (
  select from users where ${isActiveAdmin("users")} and users.id <> ${id}::uuid)`;

const targetUser = (id: string): SQL => sql`
  target_user as materialized (select * from users where id = ${id}::uuid for no key update)`;

const changed = z.object({ user: adminUserRow.nullable() });

/** Returns no row for an unknown id, and a null `user` for the last admin. A ban ends every session by its epoch. */
export const updateUser = (id: string, { role, banned }: UserChange): Query<z.output<typeof changed>> => ({
  name: "updateUser",
  statement: sql`
    with ${targetUser(id)},
    next_state as materialized (
      select target_user.id, coalesce(${role ?? null}::text, target_user.role) as role,
             case when ${banned ?? null}::boolean is null then target_user.banned_at
                  when ${banned ?? null}::boolean then coalesce(target_user.banned_at, now()) end as banned_at,
             coalesce(${banned ?? null}::boolean, false) and target_user.banned_at is null as is_new_ban
        from target_user
    ),
    changed_user as (
      update users set role = next_state.role, banned_at = next_state.banned_at,
             updated_at = case when (next_state.role, next_state.banned_at)
                                    is distinct from (target_user.role, target_user.banned_at) then now()
                               else users.updated_at end,
             session_epoch = users.session_epoch + next_state.is_new_ban::int
        from target_user join next_state on next_state.id = target_user.id
       where users.id = target_user.id
         and (not ${isActiveAdmin("target_user")}
              or (next_state.role = 'admin' and next_state.banned_at is null)
              or ${hasOtherAdmin(id)})
      returning ${jsonObject(columns)} as user
    )
    select (select changed_user.user from changed_user) as user from target_user`,
  rowSchema: changed,
});

const deleted = z.object({ isApplied: z.boolean() });

/** Also deletes sign-ups with the address. Returns no row for an unknown id, and false for the last admin. */
export const deleteUserRow = (id: string): Query<z.output<typeof deleted>> => ({
  name: "deleteUser",
  statement: sql`
    with ${targetUser(id)},
    deleted_user as (
      delete from users using target_user
       where users.id = target_user.id
         and (not ${isActiveAdmin("target_user")} or ${hasOtherAdmin(id)})
      returning users.email_key
    ),
    address_registration as materialized (
      select id from registrations where email_key = (select email_key from deleted_user)
    ),
    deleted_email as (delete from outbox where link_id in (select id from address_registration)),
    deleted_registration as (delete from registrations where id in (select id from address_registration))
    select exists (select from deleted_user) as "isApplied" from target_user`,
  rowSchema: deleted,
});
