import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { issueLinkToken } from "../../lib/auth/link-token.js";
import { hashPassword } from "../../lib/auth/passwords.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { authEnv } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { goodPassword } from "../stack/users.js";
import { emptyDatabase } from "./engines.js";
import { migrateEmptyStack, migrateStack } from "./migrate-stack.js";
import { copyFirstMigrations, projectMigrations } from "./migration-folder.js";

const releasedMigrations = 3;
const password = goodPassword();
const ids = {
  user: "00000000-0000-7000-8000-000000000001",
  link: "00000000-0000-7000-8000-000000000002",
  email: "00000000-0000-7000-8000-000000000003",
};

let stack: Stack;
let hash: string;
beforeAll(async () => {
  [stack, hash] = await Promise.all([startStack(), hashPassword(password)]);
});
afterAll(() => stack.stop());

/** Release 0.1's sign-up: a user, a link and an email in one statement. */
const signUpAsReleased = (linkLifetime = "24 hours") =>
  stack.sql(
    `with new_user as (
       insert into users (id, email, email_key, name, password_hash, context_tags)
       values ($1, 'Ada@example.com', 'ada@example.com', 'Ada', $4, '{}') returning id
     ), new_link as (
       insert into links (id, user_id, purpose, expires_at)
       select $2, id, 'verify-email', now() + $5::interval from new_user returning id, user_id
     )
     insert into outbox (id, kind, user_id, recipient, link_id, due_at, expires_at)
     select $3, 'verify-email', user_id, 'Ada@example.com', id, now(), now() + interval '24 hours' from new_link`,
    [ids.user, ids.link, ids.email, hash, linkLifetime],
  );

const verify = (json: { password?: string }) =>
  stack.client().post("/api/auth/verify-email", {
    token: issueLinkToken(keyRing(authEnv(stack).AUTH_SECRET), "verify-email", ids.link),
    ...json,
  });

const login = (typed: string) =>
  stack.client().post("/api/auth/login", { email: "ada@example.com", password: typed });

/** The address is free, its link works, and only the reader of the email chooses the password. */
async function expectRegistration(): Promise<void> {
  expect(await stack.sql("select id from users")).toEqual([]);
  expect((await login(password)).code).toBe("invalid-credentials");
  const [email] = await stack.sql("select user_id, link_id from outbox where id = $1", [ids.email]);
  expect(email).toEqual({ user_id: null, link_id: ids.link });
  expect((await verify({})).code).toBe("password-required");
  const chosen = goodPassword();
  expect((await verify({ password: chosen })).json.user).toMatchObject({
    email: "Ada@example.com",
    name: "Ada",
  });
  expect((await login(password)).code).toBe("invalid-credentials");
  expect((await login(chosen)).status).toBe(200);
}

describe("an unconfirmed user of release 0.1", () => {
  beforeEach(async () => {
    await emptyDatabase(stack);
    await migrateEmptyStack(stack, await copyFirstMigrations(releasedMigrations));
  });

  test("becomes a registration, and the link in the mailbox still works", async () => {
    await signUpAsReleased();
    await migrateStack(stack, projectMigrations);
    await expectRegistration();
  });

  test("becomes a registration when a function of release 0.1 signs up after the migration", async () => {
    await migrateStack(stack, projectMigrations);
    await signUpAsReleased();
    await expectRegistration();
  });

  test("expires a day after the sign-up when its links have expired", async () => {
    await signUpAsReleased("-1 second");
    await migrateStack(stack, projectMigrations);
    const lifetime = "expires_at - created_at = interval '24 hours' as day";
    expect(await stack.sql(`select id, ${lifetime} from registrations`)).toEqual([
      { id: ids.user, day: true },
    ]);
    expect((await verify({})).code).toBe("invalid-link");
  });

  test("leaves the address to the first sign-up that is confirmed", async () => {
    await signUpAsReleased();
    await migrateStack(stack, projectMigrations);
    const other = { email: "ada@example.com", name: "Ada Lovelace", password: goodPassword() };
    const { registration } = (await stack.client().post("/api/auth/register", other)).json;
    // The link of release 0.1 and the secret of the new sign-up are for one address.
    const token = issueLinkToken(keyRing(authEnv(stack).AUTH_SECRET), "verify-email", ids.link);
    const confirmed = await stack.client().post("/api/auth/verify-email", { token, registration });
    expect(confirmed.json.user).toMatchObject({ name: "Ada Lovelace" });
    expect((await login(other.password)).status).toBe(200);
  });
});

test("a confirmed user of release 0.1 stays, with its password", async () => {
  await emptyDatabase(stack);
  await migrateEmptyStack(stack, await copyFirstMigrations(releasedMigrations));
  await signUpAsReleased();
  await stack.sql("update users set email_verified_at = now()");
  await migrateStack(stack, projectMigrations);
  expect(await stack.sql("select id from users")).toEqual([{ id: ids.user }]);
  expect(await stack.sql("select id from registrations")).toEqual([]);
  expect((await login(password)).status).toBe(200);
});
