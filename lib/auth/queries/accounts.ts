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

export type AccountChange = {
  name: string | undefined;
  /** Replaces the second context tag, so that a later password may not equal the new name. */
  nameTag: string | undefined;
  timeZone: string | null | undefined;
};

/** Undefined members stay as they are. */
export const updateMe = (userId: string, { name, nameTag, timeZone }: AccountChange): Query<User> => ({
  name: "updateMe",
  statement: sql`
    update users set name = coalesce(${name ?? null}::text, name),
           context_tags[2] = coalesce(${nameTag ?? null}::text, context_tags[2]),
           time_zone = case when ${timeZone !== undefined}::boolean then ${timeZone ?? null}::text else time_zone end,
           updated_at = now()
     where id = ${userId}::uuid returning ${selectList(userColumns)}`,
  rowSchema: userRow,
});
