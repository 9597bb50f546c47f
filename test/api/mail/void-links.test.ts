import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, newEmail, subjects } from "../../stack/users.js";
import { attemptLines, isAboutEmail, makeDue, rowsOf, rowWhen, runCron } from "./outbox-rows.js";

describe("an email whose link is of no use any more", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  /** Sends a request whose email Resend refuses at first. */
  async function withFailedEmail<T>(email: string, send: () => Promise<T>): Promise<T> {
    await stack.mailbox.inject({ fault: "500", times: 1, to: email });
    const response = await send();
    await rowWhen(stack, email, ({ error }) => error !== null);
    await stack.waitUntilIdle();
    return response;
  }

  async function expectVoid(email: string, id: string, mailCount: number) {
    await makeDue(stack, email);
    await runCron(stack);
    await stack.waitForLog((line) => isAboutEmail(id)(line) && line["outcome"] === "void");
    await stack.waitUntilIdle();
    const row = (await rowsOf(stack, email)).find((candidate) => candidate.id === id);
    expect(row).toMatchObject({ isSent: false, isDead: true, error: "void" });
    expect(attemptLines(stack, id).at(-1)).toMatchObject({ level: "info", outcome: "void" });
    expect(await stack.mailbox.mails(email)).toHaveLength(mailCount);
  }

  const idOf = async (email: string) => String((await rowsOf(stack, email))[0]?.id);

  // @proof void-links-are-not-mailed
  test("of two sign-ups, the second is confirmed: the first is not mailed", async () => {
    const ada = { email: newEmail(), password: goodPassword(), name: "Ada" };
    const client = stack.client();
    await withFailedEmail(ada.email, () => client.post("/api/auth/register", ada));
    const waiting = await idOf(ada.email);
    const { registration } = (await client.post("/api/auth/register", ada)).json;
    const token = await emailedToken(stack, ada.email, subjects.verify);
    await client.post("/api/auth/verify-email", { token, registration });
    await expectVoid(ada.email, waiting, 1);
  });

  test("a reset link used through another email is not mailed", async () => {
    const ada = await seedUser(stack);
    const forgot = () => ada.client.post("/api/auth/forgot-password", { email: ada.email });
    await withFailedEmail(ada.email, forgot);
    const waiting = await idOf(ada.email);
    await stack.sql("update outbox set due_at = now() + interval '1 hour' where id = $1", [waiting]);
    await forgot();
    const token = await emailedToken(stack, ada.email, subjects.reset);
    await ada.client.post("/api/auth/reset-password", { token, password: goodPassword() });
    await stack.mailbox.waitForMail(ada.email, { subject: subjects.changed });
    await expectVoid(ada.email, waiting, 2);
  });

  test("a reset link is not mailed after a newer one was, but a newer one that was withheld does not replace it", async () => {
    const ada = await seedUser(stack);
    const forgot = () => ada.client.post("/api/auth/forgot-password", { email: ada.email });
    await withFailedEmail(ada.email, forgot);
    const first = await idOf(ada.email);
    // As a spent mailbox budget, which strangers can cause, leaves it.
    await stack.sql(
      `insert into outbox (id, kind, user_id, due_at, expires_at, sent_at)
       values (gen_random_uuid(), 'reset-password', $1, now(), now() + interval '1 hour', now())`,
      [ada.id],
    );
    await withFailedEmail(ada.email, async () => {
      await makeDue(stack, ada.email);
      await runCron(stack);
      await stack.waitUntilIdle();
    });
    expect((await rowsOf(stack, ada.email))[0]).toMatchObject({ attempts: 2, isDead: false });
    await forgot();
    await stack.mailbox.waitForMail(ada.email, { subject: subjects.reset });
    await stack.waitUntilIdle();
    await expectVoid(ada.email, first, 1);
  });

  test.each(["expires_at = now()", "used_at = now()"])(
    "a reset link with %s is not mailed",
    async (change) => {
      const ada = await seedUser(stack);
      await withFailedEmail(ada.email, () =>
        ada.client.post("/api/auth/forgot-password", { email: ada.email }),
      );
      await stack.sql(`update links set ${change} where user_id = $1`, [ada.id]);
      await expectVoid(ada.email, await idOf(ada.email), 0);
    },
  );

  test("nothing is sent to a user who was deleted while an email waited", async () => {
    const ada = await seedUser(stack);
    await withFailedEmail(ada.email, () =>
      ada.client.post("/api/auth/forgot-password", { email: ada.email }),
    );
    const admin = await seedUser(stack, { role: "admin" });
    await admin.client.delete(`/api/admin/users/${ada.id}`, { token: admin.token });
    await runCron(stack);
    await stack.waitUntilIdle();
    expect(await stack.mailbox.mails(ada.email)).toEqual([]);
  });

  test("the confirmation of one sign-up leaves the email of another address alone", async () => {
    const [ada, eve] = [newEmail(), newEmail()].map((email) => ({
      email,
      password: goodPassword(),
      name: "Ada",
    }));
    if (!ada || !eve) throw new Error("two people");
    await withFailedEmail(ada.email, () => stack.client().post("/api/auth/register", ada));
    const { registration } = (await stack.client().post("/api/auth/register", eve)).json;
    const token = await emailedToken(stack, eve.email, subjects.verify);
    await stack.client().post("/api/auth/verify-email", { token, registration });
    await makeDue(stack, ada.email);
    await runCron(stack);
    await rowWhen(stack, ada.email, ({ isSent }) => isSent);
  });
});
