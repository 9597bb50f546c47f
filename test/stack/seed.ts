import { uuidv7 } from "uuidv7";
import type { Role } from "../../db/schema/users.js";
import { issueAccessToken } from "../../lib/auth/access-token.js";
import { sessionCookie } from "../../lib/auth/cookies.js";
import { emailKey } from "../../lib/auth/email-key.js";
import { linkSeconds, registrationSeconds } from "../../lib/auth/limits.js";
import { issueLinkToken } from "../../lib/auth/link-token.js";
import { hashPassword } from "../../lib/auth/passwords.js";
import { issueRefreshToken } from "../../lib/auth/refresh-token.js";
import { issueRegistrationSecret } from "../../lib/auth/registration-secret.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { readEnv } from "../../lib/env.js";
import type { Stack } from "./stack.js";
import { goodPassword, newEmail, type TestUser } from "./users.js";

type Traits = Partial<Pick<TestUser, "email" | "name">> & {
  role?: Role;
  isBanned?: boolean;
  isClosed?: boolean;
};

/** Shared by all seeded users, because hashing is slow. */
let credentials: Promise<{ password: string; hash: string }> | undefined;

async function newCredentials() {
  const password = goodPassword();
  return { password, hash: await hashPassword(password) };
}

/** The parsed variables with which a stack issues tokens and cookies. */
export const authEnv = (stack: Stack) => readEnv(["AUTH_SECRET", "APP_URL"], stack.env);

/**
 * Inserts a user with a session directly into the database. For tests that need many users and do not test how
 * people sign up.
 */
export async function seedUser(stack: Stack, traits: Traits = {}): Promise<TestUser & { sessionId: string }> {
  credentials ??= newCredentials();
  const { password, hash } = await credentials;
  const { email = newEmail(), name = "Ada Lovelace", role = "user" } = traits;
  const { isBanned = false, isClosed = false } = traits;
  const [id, sessionId] = [uuidv7(), uuidv7()];
  await stack.sql(
    `insert into users (id, email, email_key, name, role, password_hash, context_tags, email_verified_at, banned_at, closed_at)
     values ($1, $2, $3, $4, $5, $6, '{}', now(), case when $7::boolean then now() end, case when $8::boolean then now() end)`,
    [id, email, emailKey(email), name, role, hash, isBanned, isClosed],
  );
  await seedSession(stack, id, sessionId);
  const env = authEnv(stack);
  const authTime = new Date().toISOString();
  const { accessToken } = await issueAccessToken(env, { userId: id, sessionId, role, authTime });
  const client = stack.client();
  const cookie = issueRefreshToken(keyRing(env.AUTH_SECRET), { sessionId, generation: 0 });
  client.cookies.set(sessionCookie.name(env), cookie);
  return { id, email, name, password, client, token: accessToken, sessionId };
}

/** Inserts a session that works. @returns its id */
export async function seedSession(stack: Stack, userId: string, id = uuidv7()): Promise<string> {
  await stack.sql(
    `insert into sessions (id, user_id, epoch, idle_expires_at, expires_at)
     values ($1, $2, 0, now() + interval '1 day', now() + interval '2 days')`,
    [id, userId],
  );
  return id;
}

/** A sign-up that waits for its confirmation. */
export type SeededRegistration = {
  id: string;
  email: string;
  name: string;
  password: string;
  /** The token of the emailed link. */
  token: string;
  /** The secret of the browser that signed up. */
  registration: string;
};

/** Inserts a registration, as a sign-up does. */
export async function seedRegistration(
  stack: Stack,
  { email = newEmail(), name = "Ada Lovelace" }: Partial<Pick<SeededRegistration, "email" | "name">> = {},
): Promise<SeededRegistration> {
  credentials ??= newCredentials();
  const { password, hash } = await credentials;
  const id = uuidv7();
  await stack.sql(
    `insert into registrations (id, email, email_key, name, password_hash, context_tags, expires_at)
     values ($1, $2, $3, $4, $5, '{}', now() + make_interval(secs => $6::float8))`,
    [id, email, emailKey(email), name, hash, registrationSeconds],
  );
  const ring = keyRing(authEnv(stack).AUTH_SECRET);
  return {
    id,
    email,
    name,
    password,
    token: issueLinkToken(ring, "verify-email", id),
    registration: issueRegistrationSecret(ring, id),
  };
}

/** Inserts an open link that resets the password. @returns its token, as an email would carry it */
export async function seedResetLink(stack: Stack, userId: string): Promise<string> {
  const id = uuidv7();
  await stack.sql(
    `insert into links (id, user_id, purpose, expires_at)
     values ($1, $3, 'reset-password', now() + make_interval(secs => $2::float8))`,
    [id, linkSeconds["reset-password"], userId],
  );
  return issueLinkToken(keyRing(authEnv(stack).AUTH_SECRET), "reset-password", id);
}

/** Closes an account, as its user does. @returns the token of the link that restores it */
export async function seedClosing(stack: Stack, userId: string, daysAgo = 0): Promise<string> {
  const id = uuidv7();
  await stack.sql(
    `with closed_user as (
       update users set closed_at = now() - make_interval(days => $2::int), session_epoch = session_epoch + 1
        where id = $1 returning id, closed_at
     )
     insert into links (id, user_id, purpose, expires_at)
     select $3, id, 'restore-account', closed_at + make_interval(secs => $4::float8) from closed_user`,
    [userId, daysAgo, id, linkSeconds["restore-account"]],
  );
  return issueLinkToken(keyRing(authEnv(stack).AUTH_SECRET), "restore-account", id);
}

/** A user with a closed account. `restoration`: the token of the link that restores it. */
export async function seedClosedUser(stack: Stack, traits: Traits = {}) {
  const person = await seedUser(stack, traits);
  return { ...person, restoration: await seedClosing(stack, person.id) };
}

/** Inserts an open link that changes the address. @returns its token, as an email would carry it */
export async function seedEmailChange(stack: Stack, userId: string, email: string): Promise<string> {
  const id = uuidv7();
  await stack.sql(
    `insert into links (id, user_id, purpose, expires_at, email, email_tags)
     values ($1, $2, 'change-email', now() + make_interval(secs => $3::float8), $4, '{a,b}')`,
    [id, userId, linkSeconds["change-email"], email],
  );
  return issueLinkToken(keyRing(authEnv(stack).AUTH_SECRET), "change-email", id);
}

/** Gives an account another address, as a change does. @returns the new address */
export async function seedPreviousAddress(stack: Stack, userId: string, previous: string): Promise<string> {
  const email = newEmail();
  await stack.sql(
    `insert into email_changes (id, user_id, from_email, from_email_key, from_tags, to_email)
     values ($1, $2, $3, $4, '{}', $5)`,
    [uuidv7(), userId, previous, emailKey(previous), email],
  );
  await stack.sql("update users set email = $2, email_key = $2 where id = $1", [userId, email]);
  return email;
}

/** Inserts a sent notice about an account. @returns the token of its link “This wasn't me” */
export async function seedNotice(
  stack: Stack,
  { id: userId, email }: Pick<TestUser, "id" | "email">,
): Promise<string> {
  const id = uuidv7();
  await stack.sql(
    `insert into outbox (id, kind, user_id, recipient, due_at, expires_at, sent_at)
     values ($1, 'new-device', $2, $3, now(), now() + interval '1 day', now())`,
    [id, userId, email],
  );
  return issueLinkToken(keyRing(authEnv(stack).AUTH_SECRET), "not-me", id);
}

/** Inserts a task at version 1. @returns its id */
export async function seedTask(stack: Stack, userId: string): Promise<string> {
  const id = uuidv7();
  await stack.sql("insert into tasks (id, user_id, title, status) values ($1, $2, 'Seeded', 'todo')", [
    id,
    userId,
  ]);
  return id;
}
