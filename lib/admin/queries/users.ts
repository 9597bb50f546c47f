import { type SQL, sql } from "drizzle-orm";
import { columnsFor, selectList } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { users } from "../../../db/schema/users.js";
import { isBanned } from "../../auth/queries/ban.js";
import { type Listed, listedRow, type Position } from "../../pagination.js";
import { escapeLike } from "../../resources/queries/like.js";
import { olderThan, onePage } from "../../resources/queries/page.js";
import { rowSchemaOf } from "../../rows.js";
import { type AdminUser, adminUser } from "../contract/users.js";

/** A ban that has ended by itself leaves its columns until the purge. Nobody sees them. */
const ifBanned = (column: string): SQL =>
  sql`case when ${isBanned("users")} then users.${sql.raw(column)} end`;

/** A user as admins see it. `users` must be in scope. */
export const adminUserColumns = columnsFor(users, adminUser.shape, {
  bannedAt: ifBanned("banned_at"),
  banReason: ifBanned("ban_reason"),
  bannedUntil: ifBanned("banned_until"),
});

export const adminUserRow = rowSchemaOf(adminUser);
const listedUser = listedRow(adminUserRow);

type Page = {
  q: string | undefined;
  role: AdminUser["role"] | undefined;
  after: Position | null;
  limit: number;
};

const searchText = sql`(email_key || ' ' || lower(name))`;

/** One or two letters or digits match only at the start of a word: the trigram index cannot find them elsewhere. */
function matches(q: string): SQL {
  const part = escapeLike(q);
  if (!/^[\p{L}\p{N}]{1,2}$/u.test(q)) return sql`${searchText} like lower(${`%${part}%`})`;
  return sql`(${searchText} like lower(${`${part}%`}) or ${searchText} like lower(${`% ${part}%`}))`;
}

export const selectUsers = ({ q, role, after, limit }: Page): Query<Listed<AdminUser>> => ({
  name: "selectUsers",
  statement: onePage(
    adminUserColumns,
    limit,
    (selected) => sql`
    select ${selected} from users
     where true
       ${q ? sql`and ${matches(q)}` : sql``}
       ${role ? sql`and role = ${role}` : sql``}
       ${olderThan(after)}`,
  ),
  rowSchema: listedUser,
  isReadOnly: true,
});

export const selectUser = (id: string): Query<AdminUser> => ({
  name: "selectUser",
  statement: sql`select ${selectList(adminUserColumns)} from users where id = ${id}::uuid`,
  rowSchema: adminUserRow,
  isReadOnly: true,
});
