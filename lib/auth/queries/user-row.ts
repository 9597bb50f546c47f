import { sql } from "drizzle-orm";
import { dbTime } from "../../text.js";
import * as z from "../../zod.js";
import { user } from "../contract.js";

/** A user as everybody may see their own; `users` must be in scope. */
export const userColumns = sql.raw(`users.id, users.email, users.name, users.role,
  users.email_verified_at is not null as "emailVerified",
  users.created_at as "createdAt", users.updated_at as "updatedAt"`);

export const userRow = z.object({ ...user.shape, createdAt: dbTime, updatedAt: dbTime });
