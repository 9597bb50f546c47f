import { sql } from "drizzle-orm";
import * as z from "zod";
import { openDatabase } from "../db/client.js";
import { emailKey } from "../lib/auth/email-key.js";
import { readEnv } from "../lib/env.js";
import { databaseName } from "./database-name.js";
import { loadOperatorEnv } from "./operator-env.js";
import { reportFailure } from "./report-failure.js";

const grantedRow = z.object({ email: z.string() });

const grantAdmin = (email: string) => ({
  name: "grantAdmin",
  statement: sql`
    update users set role = 'admin', updated_at = now() where email_key = ${emailKey(email)}
    returning email`,
  rowSchema: grantedRow,
});

async function run(): Promise<void> {
  const [email] = loadOperatorEnv(1);
  console.log(`Database: ${databaseName(process.env)}`);
  if (!email) throw new Error("Name the account: npm run grant-admin -- ada@example.com");
  const env = readEnv(["DATABASE_URL"]);
  const db = openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT });
  const user = await db.maybeOne(grantAdmin(email.trim()));
  if (!user) throw new Error(`No account has the address ${email}. Sign up and confirm the address first.`);
  console.log(`${user.email} is an admin now.`);
}

run().catch((error: unknown) => reportFailure("Nothing was changed", error));
