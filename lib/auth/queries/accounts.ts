import { sql } from "drizzle-orm";
import { selectList } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import type { User } from "../contract/shapes.js";
import { userColumns, userRow } from "./user-columns.js";

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
