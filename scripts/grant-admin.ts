import { openDatabase } from "../db/client.js";
import { grantAdmin } from "../lib/admin/queries/changes.js";
import { auditKey } from "../lib/audit/audit-key.js";
import { parseEmailAddress } from "../lib/auth/email-address.js";
import { keyRing } from "../lib/crypto/keys.js";
import { readEnv } from "../lib/env.js";
import { databaseName } from "./database-name.js";
import { loadOperatorEnv } from "./operator-env.js";
import { reportFailure } from "./report-failure.js";

async function run(): Promise<void> {
  const [email] = loadOperatorEnv(1);
  console.log(`Database: ${databaseName(process.env)}`);
  if (!email) throw new Error("Name the account: npm run grant-admin -- ada@example.com");
  const address = parseEmailAddress(email);
  if (!address.ok) throw new Error(`The address ${address.message}.`);
  const env = readEnv(["DATABASE_URL", "AUTH_SECRET"]);
  const db = openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT });
  const granted = await db.maybeOne(grantAdmin(address.address, auditKey(keyRing(env.AUTH_SECRET))));
  if (!granted?.user)
    throw new Error(`No account has the address ${email}. Sign up and confirm the address first.`);
  if (granted.emails.length === 0) return console.log(`${granted.user.email} is an admin already.`);
  console.log(`${granted.user.email} is an admin now.`);
  console.log("The deployment emails this person and the other admins, with its next email or cron run.");
}

run().catch((error: unknown) => reportFailure("Nothing was changed", error));
