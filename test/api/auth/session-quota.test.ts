import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets, session } from "../../../lib/auth/limits.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { expectRateLimited, inBatches, spendBudget } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Inserts sessions that were last used one to `count` hours ago. */
const insertSessions = ({ id }: TestUser, count: number, endedAt: string | null = null) =>
  stack.sql(
    `insert into sessions (id, user_id, epoch, rotated_at, idle_expires_at, expires_at, ended_at)
     select gen_random_uuid(), $1, 0, now() - make_interval(hours => i), now() + interval '1 day',
            now() + interval '2 days', $3::timestamptz
       from generate_series(1, $2::int) as i`,
    [id, count, endedAt],
  );

async function countSessions({ id }: TestUser): Promise<number> {
  const [row] = await stack.sql("select count(*)::int as count from sessions where user_id = $1", [id]);
  return Number(row?.["count"]);
}

const signIn = ({ email, password }: TestUser, client = stack.client()) =>
  client.post("/api/auth/login", { email, password });

const statusOfMe = async ({ token }: TestUser) =>
  (await stack.client().get("/api/auth/me", { token })).status;

/** Makes the seeded session the one that was used longest ago. */
const age = ({ id }: TestUser) =>
  stack.sql("update sessions set rotated_at = now() - interval '6 days' where user_id = $1", [id]);

describe("POST /api/auth/login", () => {
  // @proof sessions-limited
  test("ends the session that was unused for longest when the user has as many as allowed", async () => {
    const ada = await seedUser(stack);
    await age(ada);
    await insertSessions(ada, session.maxPerUser - 1);
    expect(await statusOfMe(ada)).toBe(200);
    expect((await signIn(ada)).status).toBe(200);
    expect(await countSessions(ada)).toBe(session.maxPerUser);
    expect(await statusOfMe(ada)).toBe(401);
    expect((await ada.client.post("/api/auth/refresh")).code).toBe("session-ended");
  });

  test("deletes sessions that have ended before those that live", async () => {
    const ada = await seedUser(stack);
    await age(ada);
    await insertSessions(ada, session.maxPerUser + 20, "2026-01-01");
    expect((await signIn(ada)).status).toBe(200);
    expect(await countSessions(ada)).toBe(session.maxPerUser);
    expect(await statusOfMe(ada)).toBe(200);
  });

  test("deletes the session that it replaces first", async () => {
    const ada = await seedUser(stack);
    await insertSessions(ada, session.maxPerUser - 1);
    expect((await signIn(ada, ada.client)).status).toBe(200);
    expect(await countSessions(ada)).toBe(session.maxPerUser);
    expect(await statusOfMe(ada)).toBe(401);
    const [row] = await stack.sql(
      "select count(*)::int as count from sessions where user_id = $1 and ended_at is null",
      [ada.id],
    );
    expect(row?.["count"]).toBe(session.maxPerUser);
  });

  test.skipIf(!hasPostgres())("leaves as many sessions as allowed after 12 concurrent sign-ins", async () => {
    const ada = await seedUser(stack);
    await insertSessions(ada, session.maxPerUser - 2);
    const responses = await Promise.all(Array.from({ length: 12 }, () => signIn(ada)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await countSessions(ada)).toBe(session.maxPerUser);
  });

  // @proof successful-sign-ins-limited
  test("refuses successful sign-ins in a loop; another user is not refused, nor an open session", async () => {
    const [greedy, other] = [await seedUser(stack), await seedUser(stack)];
    const left = 4;
    await spendBudget(stack, { budget: budgets.sessionsByUser, subject: greedy.id }, left);
    const responses = await inBatches(2 * left, () => signIn(greedy));
    const refused = responses.filter(({ status }) => status !== 200);
    expect(responses.length - refused.length).toBeGreaterThanOrEqual(left);
    expect(refused.length).toBeGreaterThan(0);
    for (const response of refused) expectRateLimited(response, budgets.sessionsByUser);
    expect((await signIn(other)).status).toBe(200);
    expect(await statusOfMe(greedy)).toBe(200);
  });

  test("reveals a spent budget only after the correct password", async () => {
    const ada = await seedUser(stack);
    await spendBudget(stack, { budget: budgets.sessionsByUser, subject: ada.id });
    expect((await signIn({ ...ada, password: "not the password" })).code).toBe("invalid-credentials");
    expectRateLimited(await signIn(ada), budgets.sessionsByUser);
  });
});
