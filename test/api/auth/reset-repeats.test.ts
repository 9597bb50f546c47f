import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets, linkSeconds } from "../../../lib/auth/limits.js";
import { seedResetLink } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, signUp, subjects, type TestUser } from "../../stack/users.js";
import { advanceBudgets, expectRateLimited } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const reset = (token: string, password = goodPassword()) =>
  stack.client().post("/api/auth/reset-password", { token, password });
const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });

/** Every row that a reset could add or change, once the notices have left. */
async function rowsOf({ id }: TestUser) {
  await stack.waitUntilIdle();
  return {
    users: await stack.sql("select * from users where id = $1", [id]),
    links: await stack.sql("select * from links where user_id = $1 order by id", [id]),
    events: await stack.sql("select * from security_events where user_id = $1 order by id", [id]),
    notices: await stack.sql(
      "select id, sent_at from outbox where user_id = $1 and kind = 'password-changed' order by id",
      [id],
    ),
  };
}

/** A person who has set a new password through a link. */
async function personAfterReset() {
  const person = await signUp(stack);
  const [link, unused] = [await seedResetLink(stack, person.id), await seedResetLink(stack, person.id)];
  const password = goodPassword();
  expect((await reset(link, password)).status).toBe(204);
  return { ...person, oldPassword: person.password, password, link, unused };
}

describe("POST /api/auth/reset-password, repeated", () => {
  test("returns 204 again for the same password, and changes nothing", async () => {
    const ada = await personAfterReset();
    const signedIn = await login(ada.email, ada.password);
    const before = await rowsOf(ada);
    expect(before.notices).toHaveLength(1);
    for (let repeat = 0; repeat < 3; repeat += 1)
      expect((await reset(ada.link, ada.password)).status).toBe(204);
    expect(await rowsOf(ada)).toEqual(before);
    const me = await stack.client().get("/api/auth/me", { token: signedIn.json.accessToken });
    expect(me.status, "the session that started after the reset").toBe(200);
  });

  test("returns 204 after a response that was lost, with one change and one notice", async () => {
    const ada = await signUp(stack);
    const [link, password] = [await seedResetLink(stack, ada.id), goodPassword()];
    // The email of the sign-up would meet the fault first.
    await stack.waitUntilIdle();
    await stack.neon.inject(stack.databaseName, { fault: { kind: "lost" }, times: 1 });
    expect((await reset(link, password)).code).toBe("database-unavailable");
    const { users } = await rowsOf(ada);
    expect((await reset(link, password)).status).toBe(204);
    const after = await rowsOf(ada);
    expect(after.users).toEqual(users);
    expect(after.notices).toHaveLength(1);
    expect((await login(ada.email, password)).status).toBe(200);
    expect((await login(ada.email, ada.password)).code).toBe("invalid-credentials");
  });

  test("sends one notice however often it is repeated", async () => {
    const ada = await personAfterReset();
    await reset(ada.link, ada.password);
    await stack.waitUntilIdle();
    const notices = (await stack.mailbox.mails(ada.email)).filter(
      ({ subject }) => subject === subjects.changed,
    );
    expect(notices).toHaveLength(1);
  });

  // @proof used-link-sets-no-password
  test("returns invalid-link for another password, even the old one, and changes nothing", async () => {
    const ada = await personAfterReset();
    const before = await rowsOf(ada);
    for (const link of [ada.link, ada.unused]) {
      for (const password of [goodPassword(), ada.oldPassword, ada.email, ada.name]) {
        const response = await reset(link, password);
        expect([response.status, response.code]).toEqual([400, "invalid-link"]);
      }
    }
    expect(await rowsOf(ada)).toEqual(before);
    expect((await login(ada.email, ada.password)).status).toBe(200);
  });

  test("returns invalid-link once the password has changed again, or the link has expired", async () => {
    const ada = await personAfterReset();
    const expire = "update links set expires_at = expires_at - make_interval(secs => $1) where user_id = $2";
    await stack.sql(expire, [linkSeconds["reset-password"] - 60, ada.id]);
    expect((await reset(ada.link, ada.password)).status).toBe(204);
    await stack.sql(expire, [60, ada.id]);
    expect((await reset(ada.link, ada.password)).code).toBe("invalid-link");

    const grace = await personAfterReset();
    const newest = goodPassword();
    expect((await reset(await seedResetLink(stack, grace.id), newest)).status).toBe(204);
    expect((await reset(grace.link, grace.password)).code).toBe("invalid-link");
    expect((await login(grace.email, newest)).status).toBe(200);
  });

  test("limits the passwords that can be tried with one used link, from any number of IP addresses", async () => {
    const ada = await personAfterReset();
    const { burst, refillSeconds } = budgets.guessesByLink;
    for (let guess = 1; guess < burst; guess += 1) expect((await reset(ada.link)).code).toBe("invalid-link");
    expectRateLimited(await reset(ada.link, ada.password), budgets.guessesByLink);
    await advanceBudgets(stack, refillSeconds);
    expect((await reset(ada.link, ada.password)).status).toBe(204);
  });
});
