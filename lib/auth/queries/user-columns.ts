import { sql } from "drizzle-orm";
import { columnsFor } from "../../../db/columns.js";
import { users } from "../../../db/schema/users.js";
import { rowSchemaOf } from "../../rows.js";
import { user } from "../contract.js";

/** A user as the owner of the account sees it. The statement must have `users` in scope. */
export const userColumns = columnsFor(users, user.shape, {
  emailVerified: sql`users.email_verified_at is not null`,
});

export const userRow = rowSchemaOf(user);
