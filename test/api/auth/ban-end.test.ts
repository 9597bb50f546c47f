import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agedToken } from "../../stack/aged-token.js";
import { seedRegistration, seedUser } from "../../stack/seed.js";
import { type Stack, startStack, waitFor } from "../../stack/stack.js";
import { goodPassword, signIn, subjects, type TestUser } from "../../stack/users.js";
import { runCron } from "../mail/outbox-rows.js";
import { cookieHeader, refreshWith } from "./cookies.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

type Person = { id: string; email: string; password: string };

const patch = (person: { id: string }, change: object) =>
  admin.client.patch(`/api/admin/users/${person.id}`, change, { token: admin.token });
const banFor = (person: { id: string }, ms: number) =>
  patch(person, { banned: true, bannedUntil: new Date(Date.now() + ms).toISOString() });
/** As if the end of the ban had come. Nothing has tidied the row. */
const passTheEnd = ({ id }: { id: string }) =>
  stack.sql("update users set banned_until = now() - interval '1 millisecond' where id = $1", [id]);
/** A ban of someone whose session is of the current epoch, which shows the rule without that of the epoch. */
const setEnd = ({ id }: { id: string }, end: string) =>
  stack.sql(`update users set banned_at = now(), banned_until = now() + interval '${end}' where id = $1`, [
    id,
  ]);
const login = ({ email, password }: Person) => stack.client().post("/api/auth/login", { email, password });
const me = ({ token }: { token: string }) => stack.client().get("/api/auth/me", { token });

describe("a ban with an end", () => {
  // @proof ban-ends-by-itself
  test("stops at its end for sign-in, without any job", async () => {
    const ada = await seedUser(stack);
    await banFor(ada, 3_600_000);
    expect((await login(ada)).code).toBe("account-banned");
    await stack.sql("update users set banned_until = now() + interval '1 second' where id = $1", [ada.id]);
    const response = await waitFor(async () => {
      const { status } = await login(ada);
      return status === 200 ? status : undefined;
    }, 15_000);
    expect(response).toBe(200);
  });

  const operations: [
    string,
    (ada: TestUser & Person) => Promise<{ status: number; code?: string | undefined }>,
  ][] = [
    ["GET /api/auth/me", me],
    ["POST /api/auth/refresh", ({ client }) => client.post("/api/auth/refresh")],
    ["POST /api/auth/login", login],
    [
      "POST /api/auth/step-up",
      async ({ token, password }) =>
        stack.client().post("/api/auth/step-up", { password }, { token: await agedToken(stack, token) }),
    ],
    [
      "POST /api/auth/change-password",
      ({ client, token, password }) =>
        client.post(
          "/api/auth/change-password",
          { currentPassword: password, newPassword: goodPassword() },
          { token },
        ),
    ],
  ];
  test.each(operations)("refuses %s until its end, and not after it", async (_, send) => {
    const ada = await seedUser(stack);
    await setEnd(ada, "1 hour");
    expect((await send(ada)).code).toBeOneOf(["account-banned", "session-ended"]);
    await setEnd(ada, "-1 second");
    expect((await send(ada)).status).toBe(200);
  });

  test("refuses POST /api/auth/verify-email of the browser that signed up until its end, and says why", async () => {
    const { token, registration, email } = await seedRegistration(stack);
    const confirm = () => stack.client().post("/api/auth/verify-email", { token, registration });
    const { json } = await confirm();
    const person = { id: String(json.user.id) };
    const bannedUntil = new Date(Date.now() + 3_600_000).toISOString();
    await patch(person, { banned: true, banReason: "Spam", bannedUntil });
    expect((await confirm()).json).toMatchObject({
      code: "account-banned",
      reason: "Spam",
      until: bannedUntil,
    });
    await passTheEnd(person);
    const repeated = await confirm();
    expect([repeated.status, repeated.json.user.email]).toEqual([200, email]);
  });

  // @proof ended-ban-restores-no-session
  test("does not bring back the sessions that it ended", async () => {
    const ada = await seedUser(stack);
    const cookie = cookieHeader(ada.client);
    await banFor(ada, 3_600_000);
    expect((await me(ada)).code).toBe("account-banned");
    await passTheEnd(ada);
    expect((await me(ada)).code).toBe("session-ended");
    expect((await refreshWith(stack.client(), cookie)).code).toBe("session-ended");
    await runCron(stack);
    expect((await me(ada)).code).toBe("session-ended");
    expect((await me(await signIn(ada))).status).toBe(200);
  });

  test("shows as lifted to admins after its end, and a new ban takes its place", async () => {
    const ada = await seedUser(stack);
    await banFor(ada, 3_600_000);
    await passTheEnd(ada);
    const { json } = await admin.client.get(`/api/admin/users/${ada.id}`, { token: admin.token });
    expect(json).toMatchObject({ bannedAt: null, banReason: null, bannedUntil: null });
    const signedIn = await signIn(ada);
    const again = await patch(ada, { banned: true });
    expect(again.json).toMatchObject({ bannedAt: expect.any(String), bannedUntil: null });
    expect((await me(signedIn)).code).toBe("account-banned");
    await patch(ada, { banned: false });
    expect((await me(signedIn)).code).toBe("session-ended");
  });
});

describe("GET /api/cron/outbox after the end of a ban", () => {
  const unbanned = async ({ id }: Person) =>
    stack.sql("select id from outbox where user_id = $1 and kind = 'unbanned'", [id]);
  const columns = async ({ id }: Person) =>
    stack.sql("select banned_at, banned_until, ban_reason from users where id = $1", [id]);
  const nothing = { banned_at: null, banned_until: null, ban_reason: null };

  test("clears the row and tells the person once", async () => {
    const [ended, standing] = [await seedUser(stack), await seedUser(stack)];
    for (const person of [ended, standing]) await banFor(person, 3_600_000);
    await passTheEnd(ended);
    for (let i = 0; i < 3; i += 1) await runCron(stack);
    await stack.mailbox.waitForMail(ended.email, { subject: subjects.unbanned });
    expect(await unbanned(ended)).toHaveLength(1);
    expect(await columns(ended)).toEqual([nothing]);
    expect(await unbanned(standing)).toEqual([]);
    expect((await login(standing)).code).toBe("account-banned");
  });

  test("tells the person once when an admin lifts the ban that has just ended", async () => {
    const ada = await seedUser(stack);
    await banFor(ada, 3_600_000);
    await passTheEnd(ada);
    await patch(ada, { banned: false });
    expect(await unbanned(ada)).toEqual([]);
    await Promise.all([runCron(stack), runCron(stack), patch(ada, { banned: false })]);
    // Both runs may have skipped the row while the admin's change held it.
    await runCron(stack);
    expect(await unbanned(ada)).toHaveLength(1);
  });

  test("clears the row of a closed account without an email", async () => {
    const ada = await seedUser(stack, { isClosed: true });
    await setEnd(ada, "-1 second");
    await runCron(stack);
    expect(await columns(ada)).toEqual([nothing]);
    expect(await unbanned(ada)).toEqual([]);
  });
});
