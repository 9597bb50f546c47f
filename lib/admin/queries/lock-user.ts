import { type SQL, sql } from "drizzle-orm";

/** Runs before a statement, which then sees every change of the user that it has waited for. Sign-ins lock the row too. */
export const lockUser = (id: string): SQL => sql`select from users where id = ${id}::uuid for no key update`;
