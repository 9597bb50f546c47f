import { columnsFor } from "../../../db/columns.js";
import { users } from "../../../db/schema/users.js";
import { rowSchemaOf } from "../../rows.js";
import { user } from "../contract/shapes.js";

/** A user as the owner of the account sees it. `users` must be in scope. */
export const userColumns = columnsFor(users, user.shape);

export const userRow = rowSchemaOf(user);
