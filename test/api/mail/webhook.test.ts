import { signedHeaders } from "@latchkey/local-resend";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { suppressionSeconds } from "../../../lib/mail/limits.js";
import { seedUser } from "../../stack/seed.js";
import { signedEvent } from "../../stack/signed-event.js";
import { type Stack, startStack, startStackForTest } from "../../stack/stack.js";
import { goodPassword, newEmail } from "../../stack/users.js";
import { isAboutEmail, rowsOf, rowWhen } from "./outbox-rows.js";

const path = "/api/webhooks/resend";

describe("POST /api/webhooks/resend", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  const secret = () => String(stack.env["RESEND_WEBHOOK_SECRET"]);
  const forgot = (email: string) => stack.client().post("/api/auth/forgot-password", { email });
  const suppressions = () => stack.sql("select * from suppressions order by key");
  const bounceOf = (to: string, type = "Permanent", created_at = new Date().toISOString()) => ({
    type: "email.bounced",
    created_at,
    data: { to: [to], bounce: { type } },
  });

  /** Signs up, and lets the local Resend report an event about the email. */
  async function reportFirstEmail(type: "email.bounced" | "email.complained", bounceType?: "Transient") {
    const owner = await seedUser(stack);
    await forgot(owner.email);
    const { id: emailId } = await stack.mailbox.waitForMail(owner.email);
    const event = { emailId, type, ...(bounceType && { bounceType }), url: `${stack.origin}${path}` };
    expect(await stack.mailbox.sendEvent({ ...event, secret: secret() })).toBe(204);
    return { ...owner, emailId };
  }

  /** Requests another email, and returns its row once it is settled. */
  async function nextEmail(email: string) {
    await stack.sql("delete from outbox where recipient = $1", [email]);
    expect((await forgot(email)).status).toBe(202);
    return rowWhen(stack, email, ({ isSent, isDead }) => isSent || isDead);
  }

  // @proof bounced-address-gets-no-email
  test.each(["email.bounced", "email.complained"] as const)(
    "after a permanent %s, the address gets no further email, and the log says why",
    async (type) => {
      const { email } = await reportFirstEmail(type);
      const row = await nextEmail(email);
      expect(row).toMatchObject({ isDead: true, isSent: false, error: "suppressed" });
      expect(await stack.mailbox.mails(email)).toHaveLength(1);
      const line = await stack.waitForLog(isAboutEmail(row.id));
      expect(line).toMatchObject({ level: "warn", outcome: "suppressed" });
    },
  );

  test("a transient bounce changes nothing", async () => {
    const { email } = await reportFirstEmail("email.bounced", "Transient");
    expect(await nextEmail(email)).toMatchObject({ isSent: true });
  });

  test("suppression.removed lifts the suppression", async () => {
    const { email, emailId } = await reportFirstEmail("email.bounced");
    const event = { emailId, type: "suppression.removed", url: `${stack.origin}${path}` } as const;
    expect(await stack.mailbox.sendEvent({ ...event, secret: secret() })).toBe(204);
    expect(await nextEmail(email)).toMatchObject({ isSent: true });
  });

  test.each(["bounce", "complaint"] as const)("a %s ends after its time", async (reason) => {
    const type = reason === "bounce" ? "email.bounced" : "email.complained";
    const { email } = await reportFirstEmail(type);
    const age = "update suppressions set expires_at = expires_at - make_interval(secs => $1)";
    await stack.sql(age, [suppressionSeconds[reason] - 60]);
    expect(await nextEmail(email)).toMatchObject({ isDead: true });
    await stack.sql(age, [120]);
    expect(await nextEmail(email)).toMatchObject({ isSent: true });
  });

  test("all spellings of an address are suppressed, and no others", async () => {
    const email = newEmail();
    await stack.client().send("POST", path, signedEvent(stack, bounceOf(`Ada <${email.toUpperCase()}>`)));
    await stack.client().post("/api/auth/register", { email, password: goodPassword(), name: "Ada" });
    expect(await rowWhen(stack, email, ({ isDead }) => isDead)).toMatchObject({ error: "suppressed" });
    const other = `x${email}`;
    await stack.client().post("/api/auth/register", { email: other, password: goodPassword(), name: "Ada" });
    await rowWhen(stack, other, ({ isSent }) => isSent);
  });

  // @proof suppressions-hold-no-address
  test("the table names no address, and the responses to a suppressed one are those to any other", async () => {
    const { email } = await reportFirstEmail("email.bounced");
    expect(JSON.stringify(await suppressions())).not.toContain(email.split("@")[0]);
    const [suppressed, unknown] = [await forgot(email), await forgot(newEmail())];
    expect([suppressed.status, suppressed.text]).toEqual([unknown.status, unknown.text]);
  });

  test("an older secret of AUTH_SECRET still finds a suppressed address", async () => {
    const { email } = await reportFirstEmail("email.bounced");
    const rotated = `${goodSecret()},${stack.env["AUTH_SECRET"]}`;
    const next = await startStackForTest({ sharing: stack, env: { AUTH_SECRET: rotated } });
    await stack.sql("delete from outbox where recipient = $1", [email]);
    await next.client().post("/api/auth/forgot-password", { email });
    expect(await rowWhen(stack, email, ({ isDead }) => isDead)).toMatchObject({ error: "suppressed" });
  });

  test("a repeated event, and an older one, change nothing", async () => {
    const email = newEmail();
    const send = (event: object) => stack.client().send("POST", path, signedEvent(stack, event));
    const event = bounceOf(email);
    await send(event);
    const before = await suppressions();
    expect((await send(event)).status).toBe(204);
    expect((await send(bounceOf(email, "Permanent", "2026-01-02T03:04:05Z"))).status).toBe(204);
    expect(await suppressions()).toEqual(before);
  });

  test.each(["email.delivered", "email.received", "contact.created", "later.added"])(
    "%s is acknowledged and changes nothing",
    async (type) => {
      const before = await suppressions();
      const event = { ...bounceOf(newEmail()), type };
      expect((await stack.client().send("POST", path, signedEvent(stack, event))).status).toBe(204);
      expect(await suppressions()).toEqual(before);
    },
  );

  // @proof webhook-needs-signature
  test("401 for every request that Resend has not signed, or signed more than five minutes ago", async () => {
    const before = await suppressions();
    const body = JSON.stringify(bounceOf(newEmail()));
    const valid = signedHeaders(secret(), body);
    const sixMinutes = 6 * 60_000;
    const forgeries: Record<string, object> = {
      "without headers": {},
      "without a signature": { ...valid, "svix-signature": "" },
      "without an id": { ...valid, "svix-id": "" },
      "another id": { ...valid, "svix-id": "msg_other" },
      "another time": { ...valid, "svix-timestamp": String(Number(valid["svix-timestamp"]) + 1) },
      "another secret": signedHeaders(`whsec_${goodSecret()}`, body),
      "another body": signedHeaders(secret(), `${body} `),
      "an unknown version": { ...valid, "svix-signature": valid["svix-signature"].replace("v1,", "v2,") },
      "an empty version": { ...valid, "svix-signature": "v1," },
      "a cut signature": { ...valid, "svix-signature": valid["svix-signature"].slice(0, -1) },
      "the past": signedHeaders(secret(), body, { now: new Date(Date.now() - sixMinutes) }),
      "the future": signedHeaders(secret(), body, { now: new Date(Date.now() + sixMinutes) }),
    };
    for (const [name, headers] of Object.entries(forgeries)) {
      const options = { body, headers: { "content-type": "application/json", ...headers } };
      const response = await stack.client().send("POST", path, options);
      expect([response.status, response.code], name).toEqual([401, "invalid-signature"]);
    }
    expect(await suppressions()).toEqual(before);
  });

  test("accepts one valid signature among several, as Resend sends them while a secret is rotated", async () => {
    const body = JSON.stringify(bounceOf(newEmail()));
    const [old, current] = [signedHeaders(`whsec_${goodSecret()}`, body), signedHeaders(secret(), body)];
    const signature = `${old["svix-signature"]} ${current["svix-signature"]}`;
    const headers = { "content-type": "application/json", ...current, "svix-signature": signature };
    expect((await stack.client().send("POST", path, { body, headers })).status).toBe(204);
  });

  test("503 without RESEND_WEBHOOK_SECRET, whatever the signature, and one line that names the variable", async () => {
    const other = await startStackForTest({ sharing: stack, env: { RESEND_WEBHOOK_SECRET: undefined } });
    for (const options of [signedEvent(stack, bounceOf(newEmail())), { json: {} }]) {
      expect((await other.client().send("POST", path, options)).code).toBe("server-misconfigured");
    }
    const lines = other.logs().filter(({ level }) => level === "fatal");
    expect(lines).toMatchObject([{ msg: "environment", missing: [{ name: "RESEND_WEBHOOK_SECRET" }] }]);
    expect((await other.client().get("/api/ready")).status).toBe(200);
  });

  test("an event about several recipients suppresses each", async () => {
    const emails = [newEmail(), newEmail()];
    const event = { ...bounceOf(""), data: { to: [...emails, ...emails], bounce: { type: "Permanent" } } };
    expect((await stack.client().send("POST", path, signedEvent(stack, event))).status).toBe(204);
    for (const email of emails) {
      await stack.client().post("/api/auth/register", { email, password: goodPassword(), name: "Ada" });
      await rowWhen(stack, email, ({ error }) => error === "suppressed");
      expect(await rowsOf(stack, email)).toHaveLength(1);
    }
  });
});

const goodSecret = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
