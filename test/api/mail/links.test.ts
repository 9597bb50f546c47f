import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, newEmail, signIn, subjects, type TestUser } from "../../stack/users.js";
import { rowWhen } from "./outbox-rows.js";

const appUrl = "https://app.latchkey.test";
const evil = "evil.example";
/** Every header through which a request can claim a host. */
const hostHeaders = {
  host: evil,
  "x-forwarded-host": evil,
  "x-forwarded-proto": "http",
  "x-original-host": evil,
  forwarded: `host=${evil};proto=http`,
  referer: `https://${evil}/`,
};
/** An attacker can choose a name in order to put text into an email to a stranger. */
const name = `<a href="https://${evil}">Click</a> http://${evil}/ & "you" 'win'`;

describe("emails caused by requests with a hostile host and name", () => {
  let stack: Stack;
  const email = newEmail();
  const password = goodPassword();
  beforeAll(async () => {
    stack = await startStack({ env: { APP_URL: appUrl } });
    const client = stack.client();
    const headers = hostHeaders;
    await changeAddress(headers);
    const signedUp = await client.post("/api/auth/register", { email, password, name }, { headers });
    const { registration } = signedUp.json;
    const token = await emailedToken(stack, email, subjects.verify);
    await client.post("/api/auth/verify-email", { token, registration });
    await client.post("/api/auth/register", { email, password, name }, { headers });
    await client.post("/api/auth/forgot-password", { email }, { headers });
    const reset = await emailedToken(stack, email, subjects.reset);
    const next = goodPassword();
    await client.post("/api/auth/reset-password", { token: reset, password: next }, { headers });
    const agent = { "user-agent": `<a href="https://${evil}">Click</a>/1.0 (win')` };
    const credentials = { email, password: next };
    await stack.client().post("/api/auth/login", credentials, { headers: { ...headers, ...agent } });
    const { client: owner } = await signIn({ email, password: next, name, client });
    const [cookie = ""] = [...owner.cookies].map(([key, value]) => `${key}=${value}`);
    await client.post("/api/auth/refresh", undefined, { headers });
    await client.post("/api/auth/refresh", undefined, { headers });
    await stack.sql("update sessions set rotated_at = now() - interval '1 minute'");
    await client.post("/api/auth/refresh", undefined, { headers, cookie });
    await changeByAdmin(headers);
    await closeAndSecure(await signIn({ email, password: next, name, client }), headers);
  });

  /** An account gets the address `email`, asks for another one, and is deleted. */
  async function changeAddress(headers: Record<string, string>): Promise<void> {
    const { id, client, token } = await seedUser(stack, { name });
    const change = (to: string) => client.post("/api/auth/change-email", { email: to }, { token, headers });
    expect((await change(email)).status).toBe(202);
    const link = await emailedToken(stack, email, subjects.confirmNew);
    expect((await client.post("/api/auth/confirm-email", { token: link }, { headers })).status).toBe(200);
    expect((await change(newEmail())).status).toBe(202);
    await stack.mailbox.waitForMail(email, { subject: subjects.changeRequested });
    await stack.mailbox.waitForMail(email, { subject: subjects.addressChanged });
    await stack.sql("delete from users where id = $1", [id]);
  }

  /** Creates a feed, closes and restores the account, and then chooses “This wasn't me”. */
  async function closeAndSecure({ client, token }: TestUser, headers: Record<string, string>): Promise<void> {
    expect((await client.post("/api/feed", undefined, { token, headers })).status).toBe(201);
    expect((await client.delete("/api/auth/me", { token, headers })).status).toBe(202);
    const restoration = await emailedToken(stack, email, subjects.closed);
    const restored = await client.post("/api/auth/restore", { token: restoration }, { headers });
    expect(restored.status).toBe(200);
    const notice = await emailedToken(stack, email, subjects.restored);
    expect((await client.post("/api/auth/not-me", { token: notice }, { headers })).status).toBe(200);
  }

  /** An admin with the same kind of name makes all changes that cause an email to `email`. */
  async function changeByAdmin(headers: Record<string, string>): Promise<void> {
    const admin = await seedUser(stack, { role: "admin", name });
    const newcomer = await seedUser(stack, { name });
    const [row] = await stack.sql("select id from users where email = $1", [email]);
    const person = { id: String(row?.["id"]) };
    const options = { token: admin.token, headers };
    const ended = await admin.client.delete(`/api/admin/users/${person.id}/sessions`, options);
    expect(ended.status).toBe(204);
    for (const [{ id }, change] of [
      [person, { role: "admin" }],
      [newcomer, { role: "admin" }],
      [person, { role: "user", banned: true }],
      [person, { banned: true, bannedUntil: new Date(Date.now() + 86_400_000).toISOString() }],
      [person, { banned: false }],
    ] as const) {
      expect((await admin.client.patch(`/api/admin/users/${id}`, change, options)).status).toBe(200);
    }
  }
  afterAll(() => stack.stop());

  test.each(Object.entries(subjects))(
    "%s arrives and names only the host of APP_URL",
    async (_kind, subject) => {
      const { text, html, to, ...mail } = await stack.mailbox.waitForMail(email, { subject });
      expect(to).toBe(email);
      expect(mail.subject).toBe(subject);
      for (const part of [text, html]) {
        expect(part).not.toContain(evil);
        expect(part).not.toMatch(/Click|win'/);
        const urls = part.match(/\bhttps?:\/\/[^\s"<]+/g) ?? [];
        for (const url of urls) expect(new URL(url.replace(/[.,]$/, "")).origin).toBe(appUrl);
        expect(part).toContain(new URL(appUrl).host);
      }
    },
  );

  test("each email arrives once", async () => {
    const mails = await stack.mailbox.mails(email);
    expect(mails.map((mail) => mail.subject).sort()).toEqual(Object.values(subjects).sort());
    expect((await rowWhen(stack, email, (row) => row.isSent)).isDead).toBe(false);
  });

  // @proof redirect-ignores-host-headers
  test("GET /api/auth/verify-email redirects to APP_URL whatever host the request claims", async () => {
    const response = await stack.client().get("/api/auth/verify-email?token=abc", { headers: hostHeaders });
    expect(response.headers.get("location")).toBe(`${appUrl}/verify-email#token=abc`);
  });
});
