import { sql } from "drizzle-orm";
import type { Database } from "../../db/client.js";
import { rolePowers, rolePowersRow } from "../../db/role-powers.js";
import type { Finding } from "./finding.js";

const powersOfCurrentUser = {
  name: "rolePowers",
  statement: rolePowers(sql`current_user`),
  rowSchema: rolePowersRow,
  isReadOnly: true,
} as const;

/** Warns if the functions could do more than read and write rows: a thief of their connection string could too. */
export async function examineRole(db: Database): Promise<Finding[]> {
  const { name, inherent, granted } = await db.exactlyOne(powersOfCurrentUser);
  const powers = [...inherent, ...granted];
  if (powers.length === 0) return [];
  return [
    {
      what: `The role in DATABASE_URL, ${name}, ${powers.join(", ")}`,
      fix: "Give the functions a role that can only read and write rows: npm run db:app-role (-- --production)",
      isWarning: true,
    },
  ];
}
