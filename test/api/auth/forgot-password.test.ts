import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkSeconds } from "../../../lib/auth/limits.js";
import { goodPassword, mailedToken, newEmail, register, signUp, subjects } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const forgot = (email: string) => stack.client().post("/api/auth/forgot-password", { email });

async function rows(): Promise<number[]> {
  const tables = ["users", "links", "outbox", "throttle", "security_events", "sessions"];
  const counts = tables.map((table) => `(select count(*)::int from ${table})`).join(", ");
  const [row] = await stack.sql(`select array[${counts}] as counts`);
  return row?.["counts"] as number[];
}

/** Answers with the body, and with how many rows were written into each table. */
async function measured(email: string) {
  const before = await rows();
  const { status, text, headers } = await forgot(email);
  const written = (await rows()).map((count, i) => count - (before[i] ?? 0));
  const names = [...headers.keys()].sort();
  return { status, text, names, trips: headers.get("server-timing")?.split("desc=")[1], written };
}

describe("POST /api/auth/forgot-password", () => {
  test("answers alike and writes as many rows for a known, an unconfirmed, a banned and an unknown address", async () => {
    const known = await signUp(stack);
    const unconfirmed = await register(stack);
    const banned = await signUp(stack);
    await stack.sql("update users set banned_at = now() where id = $1", [banned.id]);
    // Their registrations have charged the budget of their mailboxes: else one row would be new for the unknown one.
    const unknown = newEmail();
    await stack.client().post("/api/auth/resend-verification", { email: unknown });

    const answers = [];
    for (const { email } of [known, unconfirmed, banned, { email: unknown }])
      answers.push(await measured(email));
    expect(answers[0]).toMatchObject({ status: 202, trips: '"1"' });
    for (const answer of answers) expect(answer).toEqual(answers[0]);

    await mailedToken(stack, known.email, subjects.reset);
    expect(await stack.mailbox.mails(unknown)).toEqual([]);
  });

  test("mails a link that is good for the stated time", async () => {
    const { email, id } = await signUp(stack);
    await forgot(email.toUpperCase());
    const token = await mailedToken(stack, email, subjects.reset);
    const [row] = await stack.sql(
      "select extract(epoch from expires_at - created_at)::int as seconds, used_at from links where user_id = $1 and purpose = 'reset-password'",
      [id],
    );
    expect(row).toEqual({ seconds: linkSeconds["reset-password"], used_at: null });
    await stack.sql(
      "update links set expires_at = expires_at - make_interval(secs => $1) where user_id = $2",
      [linkSeconds["reset-password"] - 60, id],
    );
    const answer = await stack.client().post("/api/auth/reset-password", { token, password: goodPassword() });
    expect(answer.status).toBe(204);
  });

  test("changes nothing about the account: password, sessions and links stay as they are", async () => {
    const ada = await signUp(stack);
    const before = await stack.sql("select * from users where id = $1", [ada.id]);
    await forgot(ada.email);
    const first = await mailedToken(stack, ada.email, subjects.reset);
    await forgot(ada.email);
    expect(await stack.sql("select * from users where id = $1", [ada.id])).toEqual(before);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).status).toBe(200);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
    // A stranger who asks again must not make the owner's link useless.
    const answer = await stack
      .client()
      .post("/api/auth/reset-password", { token: first, password: goodPassword() });
    expect(answer.status).toBe(204);
  });

  test("stores nothing from which the link could be made", async () => {
    const { email } = await signUp(stack);
    await forgot(email);
    const token = await mailedToken(stack, email, subjects.reset);
    const secretPart = Buffer.from(token, "base64url").subarray(16);
    for (const table of ["links", "outbox", "users", "security_events"]) {
      const [row] = await stack.sql(`select string_agg(t::text, ' ') as text from ${table} t`);
      const text = String(row?.["text"]);
      expect(text).not.toContain(token);
      expect(text).not.toContain(secretPart.toString("hex"));
      expect(text).not.toContain(secretPart.toString("base64url"));
    }
  });

  test.each([
    ["no address", {}],
    ["something that is none", { email: "ada" }],
    ["a list", { email: ["ada@example.com"] }],
  ])("refuses %s by pointer", async (_what, body) => {
    const answer = await stack.client().post("/api/auth/forgot-password", body);
    expect(answer.code).toBe("invalid-request");
    expect(answer.json.errors).toMatchObject([{ pointer: "/email" }]);
  });
});
