import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { banReasonLength } from "../../../lib/auth/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signIn, subjects, type TestUser } from "../../stack/users.js";
import { eventsAbout } from "./admin-events.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();
const patch = (person: { id: string }, change: unknown) =>
  admin.client.patch(`/api/admin/users/${person.id}`, change, { token: admin.token });
const read = async (person: { id: string }) =>
  (await admin.client.get(`/api/admin/users/${person.id}`, { token: admin.token })).json;
const kindsTo = async ({ id }: { id: string }) =>
  (await stack.sql("select kind from outbox where user_id = $1 order by created_at", [id])).map(
    ({ kind }) => kind,
  );

describe("PATCH /api/admin/users/{id} with a reason and an end", () => {
  test("bans with both, shows them to admins, and tells the person", async () => {
    const person = await seedUser(stack);
    const bannedUntil = inDays(7);
    const { json } = await patch(person, { banned: true, banReason: "Spam <b>here</b>", bannedUntil });
    expect(json).toMatchObject({ banReason: "Spam <b>here</b>", bannedUntil, bannedAt: expect.any(String) });
    expect(await read(person)).toEqual(json);
    const { text, html } = await stack.mailbox.waitForMail(person.email, { subject: subjects.banned });
    expect(text).toContain("Reason: Spam <b>here</b>");
    expect(text).toMatch(/Ends: \d+ \w+ \d{4} at \d\d:\d\d UTC/);
    expect(html).toContain("Spam &lt;b&gt;here");
  });

  test("tells the person that a ban has neither", async () => {
    const person = await seedUser(stack);
    await patch(person, { banned: true });
    const { text } = await stack.mailbox.waitForMail(person.email, { subject: subjects.banned });
    expect(text).toContain("Reason: not given");
    expect(text).toContain("when an admin lifts the ban");
  });

  test("changes the terms of a ban that stands, keeps its start and those that are absent, and records it", async () => {
    const person = await seedUser(stack);
    const [first, second] = [inDays(1), inDays(30)];
    const { bannedAt } = (await patch(person, { banned: true, banReason: "Spam", bannedUntil: first })).json;
    const changed = await patch(person, { banned: true, bannedUntil: second });
    expect(changed.json).toMatchObject({ bannedAt, banReason: "Spam", bannedUntil: second });
    for (let i = 0; i < 2; i += 1) await patch(person, { banned: true, banReason: "Abuse" });
    const cleared = await patch(person, { banned: true, banReason: null, bannedUntil: null });
    expect(cleared.json).toMatchObject({ bannedAt, banReason: null, bannedUntil: null });
    const events = (await eventsAbout(admin, person)).reverse();
    expect(events.map(({ action, before, after }) => [action, before, after])).toEqual([
      ["banned", { bannedAt: null }, { bannedAt, bannedUntil: first }],
      ["ban-changed", { bannedUntil: first }, { bannedUntil: second }],
      ["ban-changed", { hasBanReason: true }, { hasBanReason: true }],
      [
        "ban-changed",
        { bannedUntil: second, hasBanReason: true },
        { bannedUntil: null, hasBanReason: false },
      ],
    ]);
    expect(await kindsTo(person)).toEqual(["banned", "ban-changed", "ban-changed", "ban-changed"]);
    await stack.mailbox.waitForMail(person.email, { subject: subjects.banChanged });
  });

  test("keeps neither once the ban is lifted", async () => {
    const person = await seedUser(stack);
    await patch(person, { banned: true, banReason: "Spam", bannedUntil: inDays(1) });
    const lifted = { bannedAt: null, banReason: null, bannedUntil: null };
    expect((await patch(person, { banned: false })).json).toMatchObject(lifted);
    expect((await patch(person, { banned: true })).json).toMatchObject({
      banReason: null,
      bannedUntil: null,
    });
    expect(await stack.sql("select ban_reason from users where id = $1", [person.id])).toEqual([
      { ban_reason: null },
    ]);
  });

  test("keeps neither when a function of the previous release lifts the ban", async () => {
    const person = await seedUser(stack);
    await patch(person, { banned: true, banReason: "Spam", bannedUntil: inDays(1) });
    await stack.sql("update users set role = 'user', banned_at = null where id = $1", [person.id]);
    await stack.sql("update users set banned_at = now() where id = $1", [person.id]);
    expect(await read(person)).toMatchObject({
      bannedAt: expect.any(String),
      banReason: null,
      bannedUntil: null,
    });
  });

  test("does not write the reason into an event, because events outlive accounts", async () => {
    const person = await seedUser(stack);
    await patch(person, { banned: true, banReason: "Canary of a reason" });
    await patch(person, { banned: true, banReason: "Canary of another" });
    await admin.client.delete(`/api/admin/users/${person.id}`, { token: admin.token });
    const rows = await stack.sql("select before, after from admin_events where target_id = $1", [person.id]);
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toContain("Canary");
  });

  test.each([
    ["an end in the past", { banned: true, bannedUntil: "2020-01-01T00:00:00Z" }, "/bannedUntil"],
    ["a date without a time", { banned: true, bannedUntil: "2099-01-01" }, "/bannedUntil"],
    [
      "an end after the year 9999 in UTC",
      { banned: true, bannedUntil: "9999-12-31T23:59:59-23:59" },
      "/bannedUntil",
    ],
    ["an empty reason", { banned: true, banReason: " " }, "/banReason"],
    ["a long reason", { banned: true, banReason: "x".repeat(banReasonLength + 1) }, "/banReason"],
    ["a reason in two lines", { banned: true, banReason: "a\nb" }, "/banReason"],
    ["a reason with bidi marks", { banned: true, banReason: "a\u202eb" }, "/banReason"],
    ["a reason without a ban", { banReason: "Spam" }, "/banReason"],
    ["an end for a lifted ban", { banned: false, bannedUntil: null }, "/bannedUntil"],
  ])("refuses %s and changes nothing", async (_, change, pointer) => {
    const person = await seedUser(stack);
    const response = await patch(person, change);
    expect(response.code).toBe("invalid-request");
    expect(response.json.errors).toEqual([{ pointer, message: expect.any(String) }]);
    expect((await read(person)).bannedAt).toBeNull();
  });

  test("accepts an end with an offset, and shows it in UTC", async () => {
    const person = await seedUser(stack);
    const { json } = await patch(person, { banned: true, bannedUntil: "2099-01-01T02:00:00+02:00" });
    expect(json.bannedUntil).toBe("2099-01-01T00:00:00.000Z");
  });
});

describe("POST /api/auth/login of a banned person", () => {
  // @proof ban-terms-after-password
  test("tells reason and end after the correct password, and nothing before", async () => {
    const person = await seedUser(stack);
    const bannedUntil = inDays(2);
    await patch(person, { banned: true, banReason: "Spam", bannedUntil });
    const { email, password } = person;
    const right = await stack.client().post("/api/auth/login", { email, password });
    expect(right.json).toMatchObject({ code: "account-banned", reason: "Spam", until: bannedUntil });
    const wrong = await stack.client().post("/api/auth/login", { email, password: "not the password" });
    expect(wrong.code).toBe("invalid-credentials");
    expect(wrong.text).not.toMatch(/reason|until|Spam/);
    expect((await signIn({ ...(await seedUser(stack)), client: stack.client() })).token).toBeTruthy();
  });
});
