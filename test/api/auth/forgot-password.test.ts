import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkSeconds } from "../../../lib/auth/limits.js";
import { type Stack, startStack } from "../../stack/stack.js";
import {
  emailedToken,
  emailedTokens,
  goodPassword,
  newEmail,
  register,
  signUp,
  subjects,
} from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const forgot = (email: string) => stack.client().post("/api/auth/forgot-password", { email });

async function rowCounts(): Promise<number[]> {
  const tables = ["registrations", "users", "links", "outbox", "throttle", "security_events", "sessions"];
  const counts = tables.map((table) => `(select count(*)::int from ${table})`).join(", ");
  const [row] = await stack.sql(`select array[${counts}] as counts`);
  return row?.["counts"] as number[];
}

/** The observable response, and how many rows the request added to each table. */
async function observe(email: string) {
  const before = await rowCounts();
  const { status, text, headers } = await forgot(email);
  const written = (await rowCounts()).map((count, i) => count - (before[i] ?? 0));
  const headerNames = [...headers.keys()].sort();
  return { status, text, headerNames, trips: headers.get("server-timing")?.split("desc=")[1], written };
}

describe("POST /api/auth/forgot-password", () => {
  // @proof forgot-password-reveals-no-account
  test("returns the same response and writes the same rows for a known, unconfirmed, banned or unknown address", async () => {
    const known = await signUp(stack);
    const unconfirmed = await register(stack);
    const banned = await signUp(stack);
    await stack.sql("update users set banned_at = now() where id = $1", [banned.id]);
    // Signing up charged the other mailboxes' budgets. Without this, only the unknown one would add a throttle row.
    const unknown = newEmail();
    await stack.client().post("/api/auth/resend-verification", { email: unknown });

    const responses = [];
    for (const { email } of [known, unconfirmed, banned, { email: unknown }])
      responses.push(await observe(email));
    expect(responses[0]).toMatchObject({ status: 202, trips: '"1"' });
    for (const response of responses) expect(response).toEqual(responses[0]);

    await emailedToken(stack, known.email, subjects.reset);
    expect(await stack.mailbox.mails(unknown)).toEqual([]);
  });

  test("emails the link of the newest sign-up to an unconfirmed address", async () => {
    const email = newEmail();
    await register(stack, { email });
    await emailedTokens(stack, email, subjects.verify, 1);
    const second = await register(stack, { email });
    const [newest] = await emailedTokens(stack, email, subjects.verify, 2);
    await forgot(email.toUpperCase());
    const tokens = await emailedTokens(stack, email, subjects.verify, 3);
    expect(tokens.filter((token) => token === newest)).toHaveLength(2);
    const { registration, password } = second;
    const confirmed = await stack.client().post("/api/auth/verify-email", { token: newest, registration });
    expect(confirmed.status).toBe(200);
    expect((await stack.client().post("/api/auth/login", { email, password })).status).toBe(200);
  });

  // @proof reset-link-lifetime
  test("emails a link that stays valid for its configured lifetime", async () => {
    const { email, id } = await signUp(stack);
    await forgot(email.toUpperCase());
    const token = await emailedToken(stack, email, subjects.reset);
    const [row] = await stack.sql(
      "select extract(epoch from expires_at - created_at)::int as seconds, used_at from links where user_id = $1 and purpose = 'reset-password'",
      [id],
    );
    expect(row).toEqual({ seconds: linkSeconds["reset-password"], used_at: null });
    await stack.sql(
      "update links set expires_at = expires_at - make_interval(secs => $1) where user_id = $2",
      [linkSeconds["reset-password"] - 60, id],
    );
    const response = await stack
      .client()
      .post("/api/auth/reset-password", { token, password: goodPassword() });
    expect(response.status).toBe(204);
  });

  test("leaves the password, the sessions and earlier links as they are", async () => {
    const ada = await signUp(stack);
    const before = await stack.sql("select * from users where id = $1", [ada.id]);
    await forgot(ada.email);
    const first = await emailedToken(stack, ada.email, subjects.reset);
    await forgot(ada.email);
    expect(await stack.sql("select * from users where id = $1", [ada.id])).toEqual(before);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).status).toBe(200);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
    // A stranger's request must not void the owner's link.
    const response = await stack
      .client()
      .post("/api/auth/reset-password", { token: first, password: goodPassword() });
    expect(response.status).toBe(204);
  });

  test("stores no part of the secret in the link", async () => {
    const { email } = await signUp(stack);
    await forgot(email);
    const token = await emailedToken(stack, email, subjects.reset);
    const secretPart = Buffer.from(token, "base64url").subarray(16);
    for (const table of ["registrations", "links", "outbox", "users", "security_events"]) {
      const [row] = await stack.sql(`select string_agg(t::text, ' ') as text from ${table} t`);
      const text = String(row?.["text"]);
      expect(text).not.toContain(token);
      expect(text).not.toContain(secretPart.toString("hex"));
      expect(text).not.toContain(secretPart.toString("base64url"));
    }
  });

  test.each([
    ["no address", {}],
    ["an invalid address", { email: "ada" }],
    ["a list", { email: ["ada@example.com"] }],
  ])("rejects %s with a pointer to /email", async (_case, body) => {
    const response = await stack.client().post("/api/auth/forgot-password", body);
    expect(response.code).toBe("invalid-request");
    expect(response.json.errors).toMatchObject([{ pointer: "/email" }]);
  });
});
