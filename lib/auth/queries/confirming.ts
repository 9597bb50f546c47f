import { type SQL, sql } from "drizzle-orm";
import { linkSeconds } from "../limits.js";

const either = (contested: SQL, single: SQL): SQL =>
  sql`case when u.is_contested then ${contested} else ${single} end`;

/** How an address is confirmed, as SQL over a row `u` of users: by its link, or by choosing a password. */
export const confirming = {
  purpose: either(sql`'reset-password'`, sql`'verify-email'`),
  kind: either(sql`'finish-registration'`, sql`'verify-email'`),
  lifetime: sql`make_interval(secs => ${either(
    sql`${linkSeconds["reset-password"]}::float8`,
    sql`${linkSeconds["verify-email"]}::float8`,
  )})`,
};
