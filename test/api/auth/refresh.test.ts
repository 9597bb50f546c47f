import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../lib/auth/limits.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { cookieHeader, maxAgeOf, refreshWith, timeTravel } from "./cookies.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const me = (person: TestUser, token: unknown = person.token) =>
  person.client.get("/api/auth/me", { token: String(token) });

describe("POST /api/auth/refresh", () => {
  // @proof refresh-rotates-cookie
  test("returns a new access token for the same session and rotates the cookie", async () => {
    const ada = await signUp(stack);
    const before = cookieHeader(ada.client);
    const response = await ada.client.post("/api/auth/refresh");
    expect(response.status).toBe(200);
    expect(cookieHeader(ada.client)).not.toBe(before);
    expect(response.setCookies).toHaveLength(1);
    expect(maxAgeOf(response)).toBeLessThanOrEqual(session.idleSeconds);
    expect(maxAgeOf(response)).toBeGreaterThan(session.idleSeconds - 60);

    const [old, renewed] = [decodeJwt(ada.token), decodeJwt(String(response.json.accessToken))];
    const sessionClaims = ({ sub, sid, auth_time, role }: typeof old) => ({ sub, sid, auth_time, role });
    expect(sessionClaims(renewed)).toEqual(sessionClaims(old));
    expect((await me(ada, response.json.accessToken)).status).toBe(200);
    expect((await me(ada)).status).toBe(200);
  });

  test("puts the current role into the token", async () => {
    const ada = await signUp(stack);
    await stack.sql("update users set role = 'admin' where id = $1", [ada.id]);
    const response = await ada.client.post("/api/auth/refresh");
    expect(decodeJwt(String(response.json.accessToken))["role"]).toBe("admin");
  });

  // @proof second-tab-gets-same-successor
  test("gives a second tab the same successor on every request within the grace window", async () => {
    const ada = await signUp(stack);
    const shared = cookieHeader(ada.client);
    await ada.client.post("/api/auth/refresh");
    const successor = cookieHeader(ada.client);
    await timeTravel(stack, ada, "rotated_at", session.graceSeconds - 30);
    const state = () =>
      stack.sql("select rotated_at, generation, presented_generation from sessions where user_id = $1", [
        ada.id,
      ]);
    const before = await state();

    for (let tab = 0; tab < 3; tab += 1) {
      const other = stack.client();
      const response = await refreshWith(other, shared);
      expect(response.status).toBe(200);
      expect(cookieHeader(other)).toBe(successor);
      expect((await me(ada, response.json.accessToken)).status).toBe(200);
    }
    // Using the grace window does not extend it.
    expect(await state()).toEqual(before);
    expect((await refreshWith(stack.client(), successor)).status).toBe(200);
  });

  test("never sets a Max-Age beyond the absolute expiry of the session", async () => {
    const ada = await signUp(stack);
    await stack.sql("update sessions set expires_at = now() + interval '1000.9 seconds' where user_id = $1", [
      ada.id,
    ]);
    const rotated = cookieHeader(ada.client);
    const responses = [
      await ada.client.post("/api/auth/refresh"),
      await refreshWith(stack.client(), rotated),
    ];
    for (const response of responses) {
      expect(response.status).toBe(200);
      expect(maxAgeOf(response)).toBeLessThanOrEqual(1000);
      expect(maxAgeOf(response)).toBeGreaterThan(940);
    }
  });

  // @proof absolute-expiry-never-moves
  test("extends the idle expiry but never the absolute one", async () => {
    const ada = await signUp(stack);
    const ends = "select expires_at, idle_expires_at > now() + make_interval(secs => $2) as moved";
    const expiries = () =>
      stack.sql(`${ends} from sessions where user_id = $1`, [ada.id, session.idleSeconds - 60]);
    await timeTravel(stack, ada, "idle_expires_at", session.idleSeconds - 60);
    const [before] = await expiries();
    expect(before?.["moved"]).toBe(false);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
    expect(await expiries()).toEqual([{ expires_at: before?.["expires_at"], moved: true }]);
  });

  // @proof session-expiry-ends-access
  test.each([
    ["idle_expires_at", session.idleSeconds],
    ["expires_at", session.absoluteSeconds],
  ] as const)("ends the session and its access token after %s", async (column, seconds) => {
    const ada = await signUp(stack);
    await timeTravel(stack, ada, column, seconds);
    const before = cookieHeader(ada.client);
    const response = await ada.client.post("/api/auth/refresh");
    expect(response.code).toBe("session-ended");
    expect(response.setCookies).toEqual([]);
    expect((await me(ada)).code).toBe("session-ended");
    // An expired session must not be reported as token reuse.
    expect((await refreshWith(stack.client(), before)).code).toBe("session-ended");
    const events = await stack.sql("select kind from security_events where user_id = $1", [ada.id]);
    expect(events).toEqual([{ kind: "login" }]);
  });

  // @proof database-fault-keeps-cookie
  test("keeps the cookie when the database fails, so that a retry succeeds", async () => {
    const ada = await signUp(stack);
    const before = cookieHeader(ada.client);
    // The email of the sign-up would meet the fault first.
    await stack.waitUntilIdle();
    await stack.neon.inject(stack.databaseName, { times: 1, fault: { kind: "500" } });
    const response = await ada.client.post("/api/auth/refresh");
    expect(response.code).toBe("database-unavailable");
    expect(response.setCookies).toEqual([]);
    expect(cookieHeader(ada.client)).toBe(before);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("returns session-ended without a database query when the cookie is missing", async () => {
    const { requests } = await stack.neon.stats(stack.databaseName);
    const response = await stack.client().post("/api/auth/refresh");
    expect(response.code).toBe("session-ended");
    expect(response.setCookies).toEqual([]);
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
  });
});
