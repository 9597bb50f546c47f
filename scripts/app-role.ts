import { randomBytes } from "node:crypto";
import { findOrdinaryRole, grantAppRole } from "../db/app-role.js";
import { databaseName } from "./database-name.js";
import { loadOperatorEnv } from "./operator-env.js";
import { asOwner, ownerVariable, readOwner } from "./owner-url.js";
import { reportFailure } from "./report-failure.js";

const defaultName = "latchkey_app";

async function run(): Promise<void> {
  const [name = defaultName] = loadOperatorEnv(1);
  console.log(`Database: ${databaseName(asOwner(process.env))}`);
  const owner = readOwner(process.env);
  if (await findOrdinaryRole(owner, name)) {
    await grantAppRole(owner, { name });
    console.log(
      `${name} has its grants again. Its password is unchanged: to replace it, create another role.`,
    );
    return;
  }
  const password = randomBytes(32).toString("base64url");
  await grantAppRole(owner, { name, password });
  const url = new URL(owner.url);
  url.username = name;
  url.password = password;
  console.log(
    `Created ${name}, which can only read and write rows. This is its connection string, shown only now:\n`,
  );
  console.log(`${url.href}\n`);
  console.log(
    `Set it as DATABASE_URL at Vercel and in .env.production. Keep the owner's there as ${ownerVariable}.`,
  );
}

run().catch((error: unknown) => reportFailure("The role was not created", error));
