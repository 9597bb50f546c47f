import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { subjects, type TestUser } from "../../stack/users.js";
import { makeDue, runCron } from "../mail/outbox-rows.js";
import { eventsAbout } from "./admin-events.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await stack.sql("update users set role = 'user'");
  admin = await seedUser(stack, { role: "admin" });
});

const patch = (person: { id: string }, change: object) =>
  admin.client.patch(`/api/admin/users/${person.id}`, change, { token: admin.token });

/** The kinds and recipients of the emails to a user, and of those to others about the user. */
async function noticesOf({ id }: { id: string }): Promise<string[]> {
  const rows = await stack.sql(
    "select kind, recipient from outbox where user_id = $1 or about_user_id = $1 order by created_at, kind, recipient",
    [id],
  );
  return rows.map(({ kind, recipient }) => `${kind} to ${recipient}`);
}

describe("PATCH /api/admin/users/{id}", () => {
  // @proof admin-changes-emailed
  test.each([
    ["demoted", { role: "admin", isBanned: true }, { role: "user" }],
    ["banned", {}, { banned: true }],
    ["unbanned", { isBanned: true }, { banned: false }],
  ] as const)("emails a user who is %s, and no other person, once", async (kind, traits, change) => {
    const person = await seedUser(stack, traits);
    for (let i = 0; i < 3; i += 1) expect((await patch(person, change)).status).toBe(200);
    const { text } = await stack.mailbox.waitForMail(person.email, { subject: subjects[kind] });
    expect(text).not.toContain(admin.email);
    expect(await noticesOf(person)).toEqual([`${kind} to ${person.email}`]);
  });

  // @proof new-admin-announced
  test("emails a new admin, and tells every admin who is not banned which account it is, once", async () => {
    const other = await seedUser(stack, { role: "admin" });
    const banned = await seedUser(stack, { role: "admin", isBanned: true });
    const person = await seedUser(stack, { name: "Win $100 at https://evil.example" });
    for (let i = 0; i < 3; i += 1) await patch(person, { role: "admin" });
    const expected = [
      ...[admin, other].map(({ email }) => `admin-added to ${email}`).sort(),
      `promoted to ${person.email}`,
    ];
    expect(await noticesOf(person)).toEqual(expected);
    const promoted = await stack.mailbox.waitForMail(person.email, { subject: subjects.promoted });
    for (const { email } of [admin, other]) {
      const { text } = await stack.mailbox.waitForMail(email, { subject: subjects.adminAdded });
      expect(text).toContain(person.email);
      expect(text + promoted.text).not.toContain("evil.example");
    }
    expect(await stack.mailbox.mails(banned.email)).toEqual([]);
  });

  test("tells admins about a new admin whose account is banned", async () => {
    const person = await seedUser(stack, { isBanned: true });
    await patch(person, { role: "admin" });
    expect(await noticesOf(person)).toContain(`admin-added to ${admin.email}`);
  });

  test("emails a user about the role and the ban when one request changes both", async () => {
    const person = await seedUser(stack);
    await patch(person, { role: "admin", banned: true });
    expect(await noticesOf(person)).toEqual([
      `admin-added to ${admin.email}`,
      `banned to ${person.email}`,
      `promoted to ${person.email}`,
    ]);
  });

  test("emails and records a change once when its response is lost and it is repeated", async () => {
    const person = await seedUser(stack);
    await stack.neon.inject(stack.databaseName, { fault: { kind: "lost" }, match: "new_event", times: 1 });
    expect((await patch(person, { banned: true })).code).toBe("database-unavailable");
    expect((await patch(person, { banned: true })).json.bannedAt).toEqual(expect.any(String));
    expect(await eventsAbout(admin, person)).toHaveLength(1);
    expect(await stack.mailbox.mails(person.email), "the lost response has the email").toEqual([]);
    await makeDue(stack, person.email);
    await runCron(stack);
    await stack.mailbox.waitForMail(person.email, { subject: subjects.banned });
    await stack.waitUntilIdle();
    expect(await stack.mailbox.mails(person.email)).toHaveLength(1);
  });

  test("emails nobody for a change that changes nothing", async () => {
    const person = await seedUser(stack);
    for (const change of [{}, { role: "user" }, { banned: false }]) await patch(person, change);
    expect(await noticesOf(person)).toEqual([]);
  });

  test("tells admins about a new admin whose account is deleted before the email leaves, without the address", async () => {
    const person = await seedUser(stack);
    await stack.mailbox.inject({ fault: "500", times: 1, to: admin.email });
    await patch(person, { role: "admin" });
    await stack.waitUntilIdle();
    await admin.client.delete(`/api/admin/users/${person.id}`, { token: admin.token });
    await makeDue(stack, admin.email);
    await runCron(stack);
    const { text } = await stack.mailbox.waitForMail(admin.email, { subject: subjects.adminAdded });
    expect(text).toContain("It has been deleted since");
    expect(text).not.toContain(person.email);
  });
});
