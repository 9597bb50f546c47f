import { type SQL, sql } from "drizzle-orm";
import type { Query } from "../../db/client.js";
import { userColumns, userRow } from "../auth/queries/user-row.js";
import { dbTime } from "../text.js";
import * as z from "../zod.js";
import type { AdminUser } from "./contract.js";

const columns = sql`${userColumns}, users.banned_at as "bannedAt"`;
const adminUserRow = z.extend(userRow, { bannedAt: z.nullable(dbTime) });

type Page = {
  q: string | undefined;
  role: AdminUser["role"] | undefined;
  after: string | null;
  limit: number;
};

const searched = sql`(email_key || ' ' || lower(name))`;

/** The trigram index finds one letter or two only where a word begins: elsewhere they would cost a look at each row. */
function matches(q: string): SQL {
  const part = q.replace(/[\\%_]/g, "\\$&");
  if (!/^[\p{L}\p{N}]{1,2}$/u.test(q)) return sql`${searched} like lower(${`%${part}%`})`;
  return sql`(${searched} like lower(${`${part}%`}) or ${searched} like lower(${`% ${part}%`}))`;
}

/** One row more than the page. */
export const selectUsers = ({ q, role, after, limit }: Page): Query<typeof adminUserRow> => ({
  name: "selectUsers",
  statement: sql`
    select ${columns} from users
     where true
       ${q ? sql`and ${matches(q)}` : sql``}
       ${role ? sql`and role = ${role}` : sql``}
       ${after ? sql`and id < ${after}::uuid` : sql``}
     order by id desc limit ${limit + 1}::int`,
  row: adminUserRow,
  reads: true,
});

export const selectUser = (id: string): Query<typeof adminUserRow> => ({
  name: "selectUser",
  statement: sql`select ${columns} from users where id = ${id}::uuid`,
  row: adminUserRow,
  reads: true,
});

/** Who can log in and administer. */
const isActiveAdmin = (u: "c" | "users"): SQL =>
  sql.raw(`(${u}.role = 'admin' and ${u}.banned_at is null and ${u}.email_verified_at is not null)`);

/** Whether somebody else could still administer. Changes by admins run one after the other (db/client.ts). */
const anotherAdmin = (id: string): SQL => sql`exists (
  select from users where ${isActiveAdmin("users")} and users.id <> ${id}::uuid)`;

const locked = (id: string): SQL => sql`
  c as materialized (select * from users where id = ${id}::uuid for no key update)`;

export type UserChange = { role: AdminUser["role"] | undefined; banned: boolean | undefined };

const changed = z.object({ isDone: z.boolean(), user: z.nullable(adminUserRow) });

/** No row: no such user. `isDone` false: it is the last admin. A ban bumps the epoch: every session ends. */
export const updateUser = (id: string, { role, banned }: UserChange): Query<typeof changed> => ({
  name: "updateUser",
  statement: sql`
    with ${locked(id)},
    n as materialized (
      select c.id, coalesce(${role ?? null}::text, c.role) as role,
             case when ${banned ?? null}::boolean is null then c.banned_at
                  when ${banned ?? null}::boolean then coalesce(c.banned_at, now()) end as banned_at,
             coalesce(${banned ?? null}::boolean, false) and c.banned_at is null as is_new_ban
        from c
    ),
    w as (
      update users set role = n.role, banned_at = n.banned_at,
             updated_at = case when (n.role, n.banned_at) is distinct from (c.role, c.banned_at) then now()
                               else users.updated_at end,
             session_epoch = users.session_epoch + n.is_new_ban::int
        from c join n on n.id = c.id
       where users.id = c.id
         and (not ${isActiveAdmin("c")} or (n.role = 'admin' and n.banned_at is null) or ${anotherAdmin(id)})
      returning ${columns}
    )
    select exists (select from w) as "isDone", (select to_jsonb(w) from w) as user from c`,
  row: changed,
});

const removed = z.object({ isDone: z.boolean() });

/** No row: no such user. `isDone` false: it is the last admin. */
export const deleteUserRow = (id: string): Query<typeof removed> => ({
  name: "deleteUser",
  statement: sql`
    with ${locked(id)},
    w as (
      delete from users using c
       where users.id = c.id and (not ${isActiveAdmin("c")} or ${anotherAdmin(id)})
      returning users.id
    )
    select exists (select from w) as "isDone" from c`,
  row: removed,
});
