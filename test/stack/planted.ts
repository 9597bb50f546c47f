import { uuidv7 } from "uuidv7";
import { issueAccessToken } from "../../lib/auth/access-token.js";
import { keyRing } from "../../lib/auth/keys.js";
import { type LinkPurpose, linkSeconds } from "../../lib/auth/limits.js";
import { issueLinkToken } from "../../lib/auth/link-token.js";
import { hashPassword } from "../../lib/auth/passwords.js";
import { emailKey } from "../../lib/auth/queries/accounts.js";
import { issueRefreshToken } from "../../lib/auth/refresh-token.js";
import { sessionCookie } from "../../lib/auth/session-cookie.js";
import { readEnv } from "../../lib/env.js";
import { goodPassword, newEmail, type Person } from "./people.js";
import type { Stack } from "./stack.js";

type Traits = Partial<Pick<Person, "email" | "name">> & {
  role?: "user" | "admin";
  isVerified?: boolean;
  isBanned?: boolean;
};

/** One for all who are planted: a hash takes its time. */
let credentials: Promise<{ password: string; hash: string }> | undefined;

async function newCredentials() {
  const password = goodPassword();
  return { password, hash: await hashPassword(password) };
}

/** The environment of a stack as its functions read it. */
export const identityOf = (stack: Stack) => readEnv(["AUTH_SECRET", "APP_URL"], stack.env);

/**
 * A person with a session, put straight into the database: for tests that need many, and that are not about how
 * somebody comes to be one.
 */
export async function plant(stack: Stack, traits: Traits = {}): Promise<Person & { sessionId: string }> {
  credentials ??= newCredentials();
  const { password, hash } = await credentials;
  const { email = newEmail(), name = "Ada Lovelace", role = "user" } = traits;
  const { isVerified = true, isBanned = false } = traits;
  const [id, sessionId] = [uuidv7(), uuidv7()];
  await stack.sql(
    `insert into users (id, email, email_key, name, role, password_hash, context_tags, email_verified_at, banned_at)
     values ($1, $2, $3, $4, $5, $6, '{}', case when $7::boolean then now() end, case when $8::boolean then now() end)`,
    [id, email, emailKey(email), name, role, hash, isVerified, isBanned],
  );
  await stack.sql(
    `insert into sessions (id, user_id, epoch, idle_expires_at, expires_at)
     values ($1, $2, 0, now() + interval '1 day', now() + interval '2 days')`,
    [sessionId, id],
  );
  const env = identityOf(stack);
  const authTime = new Date().toISOString();
  const { accessToken } = issueAccessToken(env, { userId: id, sessionId, role, authTime });
  const client = stack.client();
  const cookie = issueRefreshToken(keyRing(env.AUTH_SECRET), { sessionId, generation: 0 });
  client.cookies.set(sessionCookie.name(env), cookie);
  return { id, email, name, password, client, token: accessToken, sessionId };
}

/** The token of an open link, as a mail to this person would carry it. */
export async function plantLink(stack: Stack, userId: string, purpose: LinkPurpose): Promise<string> {
  const id = uuidv7();
  await stack.sql(
    `insert into links (id, user_id, purpose, expires_at)
     values ($1, $4, $2, now() + make_interval(secs => $3::float8))`,
    [id, purpose, linkSeconds[purpose], userId],
  );
  return issueLinkToken(keyRing(identityOf(stack).AUTH_SECRET), purpose, id);
}

/** A task of version 1. @returns its id */
export async function plantTask(stack: Stack, userId: string): Promise<string> {
  const id = uuidv7();
  await stack.sql("insert into tasks (id, user_id, title, status) values ($1, $2, 'Planted', 'todo')", [
    id,
    userId,
  ]);
  return id;
}
