import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets, session, stepUp } from "../../../lib/auth/limits.js";
import { agedToken, ageProofs } from "../../stack/aged-token.js";
import type { ApiResponse } from "../../stack/client.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, signIn, type TestUser } from "../../stack/users.js";
import { cookieHeader, refreshWith, timeTravel } from "./cookies.js";
import { advanceBudgets, expectRateLimited, inBatches, spendBudget } from "./rate-limits.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const prove = ({ client, token, password }: Pick<TestUser, "client" | "token" | "password">) =>
  client.post("/api/auth/step-up", { password }, { token });
const guess = (person: TestUser) => prove({ ...person, password: goodPassword() });
const tokenOf = ({ json }: ApiResponse) => String(json.accessToken);
const authTimeOf = (token: string) => Number(decodeJwt(token)["auth_time"]);
const ban = ({ client }: TestUser, id: string, token: string) =>
  client.patch(`/api/admin/users/${id}`, { banned: true }, { token });

/** An admin whose session started long ago, with a token that a refresh has just issued. */
async function longSignedIn() {
  const admin = await seedUser(stack, { role: "admin" });
  await ageProofs(stack, admin, 3600);
  return { ...admin, token: tokenOf(await admin.client.post("/api/auth/refresh")) };
}

const sessionOf = async ({ sessionId }: { sessionId: string }) =>
  (await stack.sql("select * from sessions where id = $1", [sessionId]))[0];
const eventsOf = ({ id }: TestUser) =>
  stack.sql("select kind, session_id from security_events where user_id = $1", [id]);

describe("POST /api/auth/step-up", () => {
  // @proof step-up-completes-admin-write
  test("returns a token with which a refused admin write succeeds, for the same session", async () => {
    const [admin, person] = [await longSignedIn(), await seedUser(stack)];
    expect((await ban(admin, person.id, admin.token)).code).toBe("step-up-required");
    const before = await sessionOf(admin);
    const cookie = cookieHeader(admin.client);
    const response = await prove(admin);
    expect(response.status).toBe(200);
    expect(response.setCookies).toEqual([]);

    const [old, fresh] = [decodeJwt(admin.token), decodeJwt(tokenOf(response))];
    const subject = ({ sub, sid, role }: typeof old) => ({ sub, sid, role });
    expect(subject(fresh)).toEqual(subject(old));
    expect(Number(fresh["auth_time"])).toBeGreaterThan(Date.now() / 1000 - 60);
    expect((await ban(admin, person.id, tokenOf(response))).status).toBe(200);

    const { authenticated_at: provenAt, ...after } = (await sessionOf(admin)) ?? {};
    expect({ ...after, authenticated_at: null }).toEqual(before);
    expect(provenAt).not.toBeNull();
    expect((await refreshWith(stack.client(), cookie)).status).toBe(200);
    expect(await eventsOf(admin)).toEqual([{ kind: "step-up", session_id: admin.sessionId }]);
  });

  test("leaves the old token as it was", async () => {
    const [admin, person] = [await longSignedIn(), await seedUser(stack)];
    await prove(admin);
    expect((await ban(admin, person.id, admin.token)).code).toBe("step-up-required");
    expect((await admin.client.get("/api/auth/me", { token: admin.token })).status).toBe(200);
  });

  // @proof refresh-keeps-newest-proof
  test("is kept by every later refresh, also by a replay and by a token issued after a lost response", async () => {
    const admin = await longSignedIn();
    const proof = authTimeOf(tokenOf(await prove(admin)));
    const cookie = cookieHeader(admin.client);
    const rotated = await refreshWith(stack.client(), cookie);
    const grace = await refreshWith(stack.client(), cookie);
    await timeTravel(stack, admin, "rotated_at", session.graceSeconds + 1);
    const reissued = await refreshWith(stack.client(), cookie);
    expect([rotated, grace, reissued].map((response) => authTimeOf(tokenOf(response)))).toEqual(
      [rotated, grace, reissued].map(() => proof),
    );
  });

  test("goes stale like a sign-in", async () => {
    const [admin, person] = [await longSignedIn(), await seedUser(stack)];
    await prove(admin);
    await ageProofs(stack, admin, stepUp.maxAgeSeconds);
    const token = tokenOf(await admin.client.post("/api/auth/refresh"));
    expect((await ban(admin, person.id, token)).code).toBe("step-up-required");
  });

  test("is safe to repeat", async () => {
    const admin = await longSignedIn();
    const [first, second] = [await prove(admin), await prove(admin)];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(authTimeOf(tokenOf(second))).toBeGreaterThanOrEqual(authTimeOf(tokenOf(first)));
  });

  test("raises no other session of the user", async () => {
    const admin = await longSignedIn();
    const phone = await signIn({ ...admin, client: stack.client() });
    await ageProofs(stack, admin);
    await prove(admin);
    const token = tokenOf(await phone.client.post("/api/auth/refresh"));
    expect((await ban(admin, admin.id, token)).code).toBe("step-up-required");
  });

  // @proof step-up-needs-password
  test("returns 422 wrong-password, which ends nothing and proves nothing", async () => {
    const admin = await longSignedIn();
    const before = await sessionOf(admin);
    const response = await guess(admin);
    expect(response).toMatchObject({ status: 422, code: "wrong-password" });
    expect(response.headers.get("www-authenticate")).toBeNull();
    expect(await sessionOf(admin)).toEqual(before);
    expect(await eventsOf(admin)).toEqual([]);
    expect((await admin.client.get("/api/auth/me", { token: admin.token })).status).toBe(200);
    expect((await admin.client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("returns session-ended, and no token, once the session has ended", async () => {
    const admin = await longSignedIn();
    await admin.client.post("/api/auth/logout");
    const response = await prove(admin);
    expect(response.code).toBe("session-ended");
    expect(await eventsOf(admin)).toEqual([]);
  });
});

describe("POST /api/auth/step-up, budgets", () => {
  const ofSession = budgets.guessesBySession;

  // @proof step-up-guesses-limited
  test("checks no more than the burst of one session, then refuses even the correct password", async () => {
    const admin = await longSignedIn();
    const responses = await inBatches(2 * ofSession.burst, () => guess(admin));
    const wrong = responses.filter(({ code }) => code === "wrong-password");
    expect(wrong.length).toBeGreaterThanOrEqual(ofSession.burst);
    expect(wrong.length).toBeLessThanOrEqual(ofSession.burst + 1);
    const wait = expectRateLimited(await prove(admin), ofSession);
    await advanceBudgets(stack, wait);
    expect((await prove(admin)).status).toBe(200);
  });

  test("leaves signing in and the other sessions of the user alone", async () => {
    const admin = await longSignedIn();
    await spendBudget(stack, { budget: ofSession, subject: admin.sessionId });
    expectRateLimited(await prove(admin), ofSession);
    const phone = await signIn({ ...admin, client: stack.client() });
    expect((await prove(phone)).status).toBe(200);
  });

  test("checks no more than one burst over all sessions of a user", async () => {
    const admin = await longSignedIn();
    await spendBudget(stack, { budget: budgets.guessesByUser, subject: admin.id });
    expectRateLimited(await prove(admin), budgets.guessesByUser);
    const phone = await signIn({ ...admin, client: stack.client() });
    expectRateLimited(await prove(phone), budgets.guessesByUser);
  });

  test("gives the charges back after a success, and refills the budget of the session", async () => {
    const admin = await longSignedIn();
    await inBatches(ofSession.burst - 1, () => guess(admin));
    expect((await prove(admin)).status).toBe(200);
    const responses = await inBatches(ofSession.burst, () => guess(admin));
    expect(new Set(responses.map(({ code }) => code))).toEqual(new Set(["wrong-password"]));
  });

  test("spends neither budget with correct passwords", async () => {
    const admin = await longSignedIn();
    for (let i = 0; i < ofSession.burst + 2; i += 1) expect((await prove(admin)).status).toBe(200);
    await spendBudget(stack, { budget: budgets.guessesByUser, subject: admin.id }, 1);
    for (let i = 0; i < 3; i += 1) expect((await prove(admin)).status).toBe(200);
  });
});

describe("a thief with an access token of an admin", () => {
  // @proof stolen-access-token-cannot-step-up
  test("changes no account once the proof is old, and cannot renew it without the password", async () => {
    const [admin, person] = [await longSignedIn(), await seedUser(stack)];
    const thief = { ...admin, client: stack.client() };
    const stolen = [admin.token, await agedToken(stack, admin.token, stepUp.maxAgeSeconds)];
    for (const token of stolen) {
      expect((await ban(thief, person.id, token)).code).toBe("step-up-required");
      expect((await thief.client.delete(`/api/admin/users/${person.id}`, { token })).code).toBe(
        "step-up-required",
      );
      expect((await guess({ ...thief, token })).code).toBe("wrong-password");
      expect((await thief.client.post("/api/auth/refresh", undefined, { token })).code).toBe("session-ended");
    }
    expect(await stack.sql("select role, banned_at from users where id = $1", [person.id])).toEqual([
      { role: "user", banned_at: null },
    ]);
  });
});
