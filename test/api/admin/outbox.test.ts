import { randomUUID } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { outboxLimits } from "../../../lib/mail/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { subjects, type TestUser } from "../../stack/users.js";
import { insertFailedEmail } from "../mail/outbox-emails.js";
import { runCron } from "../mail/outbox-rows.js";
import { eventsAbout } from "./admin-events.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const seedEmail = (traits: Parameters<typeof insertFailedEmail>[1]) => insertFailedEmail(stack, traits);
const dead = "dead_at = now(), attempts = 9";

const list = async (query = "") =>
  (await admin.client.get(`/api/admin/outbox${query}`, { token: admin.token })).json;
const ids = async (query = "?limit=200"): Promise<string[]> =>
  (await list(query)).data.map(({ id }: { id: string }) => id);
const retry = ({ id }: { id: string }) =>
  admin.client.post(`/api/admin/outbox/${id}/retry`, undefined, { token: admin.token });
const drop = ({ id }: { id: string }) =>
  admin.client.delete(`/api/admin/outbox/${id}`, { token: admin.token });
const rowOf = async ({ id }: { id: string }) =>
  (await stack.sql("select * from outbox where id = $1", [id]))[0];
const nobody = { id: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21" };

describe("GET /api/admin/outbox", () => {
  test("lists waiting or dead emails, newest first, and no email that was sent", async () => {
    const waiting = await seedEmail({});
    const gone = await seedEmail({ change: dead });
    const sent = await seedEmail({ change: "sent_at = now()" });
    const unknown = await seedEmail({ change: "sent_at = now(), recipient = null" });
    const later = await seedEmail({});
    const found = await ids();
    expect(found.indexOf(later.id)).toBeLessThan(found.indexOf(waiting.id));
    for (const { id } of [gone, sent, unknown]) expect(found).not.toContain(id);
    const deadIds = await ids("?state=dead&limit=200");
    expect(deadIds).toContain(gone.id);
    for (const { id } of [waiting, sent, unknown]) expect(deadIds).not.toContain(id);
  });

  test("shows state, attempts and the last error, and never a link", async () => {
    const ada = await seedUser(stack);
    const linkId = randomUUID();
    const { id } = await seedEmail({ userId: ada.id, recipient: ada.email, linkId, kind: "reset-password" });
    const { data } = await list();
    expect(data.find((email: { id: string }) => email.id === id)).toEqual({
      id,
      kind: "reset-password",
      state: "waiting",
      recipient: ada.email,
      userId: ada.id,
      createdAt: expect.any(String),
      dueAt: expect.any(String),
      attempts: 4,
      lastError: "application_error 500",
    });
    expect(JSON.stringify(data)).not.toContain(linkId);
  });

  // @proof outbox-masks-strangers
  test("masks an address that is not that of the account", async () => {
    const ada = await seedUser(stack);
    const other = await seedEmail({ userId: ada.id, recipient: "zoe@new.example" });
    const stranger = await seedEmail({ recipient: 'bob"@"x@old.example' });
    const { data } = await list();
    const shown = ({ id }: { id: string }) =>
      data.find((email: { id: string }) => email.id === id)?.recipient;
    expect([shown(other), shown(stranger)]).toEqual(["z…@new.example", "b…@old.example"]);
  });

  test("pages, and refuses the cursor of another state", async () => {
    for (let i = 0; i < 3; i += 1) await seedEmail({});
    const first = await list("?limit=2");
    const next = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect(new Set([...first.data, ...next.data].map(({ id }: { id: string }) => id)).size).toBeGreaterThan(
      2,
    );
    expect((await list(`?state=dead&cursor=${first.nextCursor}`)).code).toBe("invalid-cursor");
  });
});

describe("POST /api/admin/outbox/{id}/retry", () => {
  test.each([
    ["waiting", ""],
    ["dead", dead],
  ])(
    "sends a %s email, with all its attempts ahead, and records it without the address",
    async (_, change) => {
      const ada = await seedUser(stack);
      const email = await seedEmail({ userId: ada.id, recipient: ada.email, change });
      expect((await retry(email)).status).toBe(202);
      await stack.mailbox.waitForMail(ada.email, { subject: subjects.unbanned });
      await stack.waitUntilIdle();
      expect(await rowOf(email)).toMatchObject({ attempts: 1, dead_at: null, sent_at: expect.anything() });
      const events = await eventsAbout(admin, ada);
      expect(events).toMatchObject([
        {
          action: "email-retried",
          target: { id: ada.id },
          before: null,
          after: { email: { id: email.id, kind: "unbanned", hasAccount: true } },
        },
      ]);
      expect(JSON.stringify(events)).not.toContain(ada.email);
    },
  );

  test("sends and records once when it is repeated, also after the email was sent", async () => {
    const ada = await seedUser(stack);
    const email = await seedEmail({ userId: ada.id, recipient: ada.email });
    await Promise.all([retry(email), retry(email), retry(email)]);
    await stack.mailbox.waitForMail(ada.email, { subject: subjects.unbanned });
    await stack.waitUntilIdle();
    expect((await retry(email)).status).toBe(202);
    await stack.waitUntilIdle();
    expect(await stack.mailbox.mails(ada.email)).toHaveLength(1);
    expect(await eventsAbout(admin, ada)).toHaveLength(1);
  });

  test("can be repeated after another failure, and starts a new backoff", async () => {
    const email = await seedEmail({});
    await stack.mailbox.inject({ fault: "500", times: 1, to: email.recipient });
    await retry(email);
    await stack.waitUntilIdle();
    expect(await rowOf(email)).toMatchObject({ attempts: 1, sent_at: null, last_error: expect.any(String) });
    await retry(email);
    await stack.mailbox.waitForMail(email.recipient, { subject: subjects.unbanned });
  });

  test("does not take an email from the request that is sending it", async () => {
    const change = `attempts = 1, last_error = null, due_at = now() + interval '${outboxLimits.leaseSeconds} seconds'`;
    const email = await seedEmail({ change });
    const before = await rowOf(email);
    expect((await retry(email)).status).toBe(202);
    await stack.waitUntilIdle();
    expect(await rowOf(email)).toEqual(before);
  });

  test("sends an email that waited for room in a budget", async () => {
    const email = await seedEmail({ change: "attempts = 0, last_error = null" });
    await retry(email);
    await stack.mailbox.waitForMail(email.recipient, { subject: subjects.unbanned });
  });

  test("leaves an email of another deployment, and of a newer release, to those who can send it", async () => {
    const foreign = await seedEmail({ change: "app_url = 'https://preview.example'" });
    const newer = await seedEmail({ kind: "of-a-newer-release" });
    for (const email of [foreign, newer]) {
      for (let i = 0; i < 2; i += 1) expect((await retry(email)).status).toBe(202);
      await stack.waitUntilIdle();
      const [{ is_due: isDue } = {}] = await stack.sql(
        "select due_at <= now() as is_due from outbox where id = $1",
        [email.id],
      );
      expect([isDue, await rowOf(email)]).toMatchObject([
        true,
        { attempts: 0, sent_at: null, last_error: null },
      ]);
      expect(await stack.mailbox.mails(email.recipient)).toEqual([]);
    }
    const about = (await eventsAbout(admin, admin)).filter(({ after }) =>
      [foreign.id, newer.id].includes(String(after?.email?.id)),
    );
    expect(about).toHaveLength(2);
  });

  // @proof outdated-email-not-retried
  test("refuses an email whose link is used, or that has expired", async () => {
    const ada = await seedUser(stack);
    const linkId = uuidv7();
    await stack.sql(
      "insert into links (id, user_id, purpose, expires_at, used_at) values ($1, $2, 'reset-password', now() + interval '1 hour', now())",
      [linkId, ada.id],
    );
    const traits = { userId: ada.id, recipient: ada.email };
    const emails = [
      await seedEmail({ ...traits, kind: "reset-password", linkId }),
      await seedEmail({ ...traits, change: "expires_at = now()" }),
      await seedEmail({ ...traits, change: `${dead}, expires_at = now()` }),
    ];
    for (const email of emails) {
      const before = await rowOf(email);
      expect((await retry(email)).code).toBe("email-outdated");
      expect(await rowOf(email)).toEqual(before);
    }
    expect(await eventsAbout(admin, ada)).toEqual([]);
    expect((await retry(nobody)).code).toBe("not-found");
  });
});

describe("DELETE /api/admin/outbox/{id}", () => {
  test.each([
    ["waiting", ""],
    ["dead", dead],
  ])("drops a %s email, which is never sent, and records it", async (_, change) => {
    const ada = await seedUser(stack);
    const email = await seedEmail({ userId: ada.id, recipient: ada.email, change });
    expect((await drop(email)).status).toBe(204);
    expect(await rowOf(email)).toMatchObject({ recipient: null, dead_at: null });
    expect((await drop(email)).code).toBe("not-found");
    expect((await retry(email)).code).toBe("not-found");
    await runCron(stack);
    await stack.waitUntilIdle();
    expect(await stack.mailbox.mails(ada.email)).toEqual([]);
    expect(await eventsAbout(admin, ada)).toMatchObject([
      { action: "email-dropped", after: { email: { id: email.id, kind: "unbanned", hasAccount: true } } },
    ]);
  });

  test("records an email without an account under the admin who dropped it", async () => {
    const own = await seedUser(stack, { role: "admin" });
    const email = await seedEmail({ kind: "verify-email" });
    await own.client.delete(`/api/admin/outbox/${email.id}`, { token: own.token });
    const events = await eventsAbout(admin, own);
    expect(events).toMatchObject([
      {
        action: "email-dropped",
        actor: { id: own.id },
        after: { email: { id: email.id, hasAccount: false } },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain(email.recipient);
  });

  test("refuses an email that was sent", async () => {
    const email = await seedEmail({ change: "sent_at = now()" });
    expect((await drop(email)).code).toBe("email-sent");
    expect(await rowOf(email)).toBeDefined();
  });
});
