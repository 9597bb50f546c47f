import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../lib/auth/limits.js";
import { type Person, signUp } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { cookieHeader, maxAgeOf, refreshWith, removesCookie, timeTravel } from "./cookies.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const me = (person: Person, token: unknown = person.token) =>
  person.client.get("/api/auth/me", { token: String(token) });

describe("POST /api/auth/refresh", () => {
  test("answers a new access token of the same login, and rotates the cookie", async () => {
    const ada = await signUp(stack);
    const before = cookieHeader(ada.client);
    const answer = await ada.client.post("/api/auth/refresh");
    expect(answer.status).toBe(200);
    expect(cookieHeader(ada.client)).not.toBe(before);
    expect(answer.setCookies).toHaveLength(1);
    expect(maxAgeOf(answer)).toBeLessThanOrEqual(session.idleSeconds);
    expect(maxAgeOf(answer)).toBeGreaterThan(session.idleSeconds - 60);

    const [old, renewed] = [decodeJwt(ada.token), decodeJwt(String(answer.json.accessToken))];
    const lasting = ({ sub, sid, auth_time, role }: typeof old) => ({ sub, sid, auth_time, role });
    expect(lasting(renewed)).toEqual(lasting(old));
    expect((await me(ada, answer.json.accessToken)).status).toBe(200);
    expect((await me(ada)).status).toBe(200);
  });

  test("puts the role of today into the token", async () => {
    const ada = await signUp(stack);
    await stack.sql("update users set role = 'admin' where id = $1", [ada.id]);
    const answer = await ada.client.post("/api/auth/refresh");
    expect(decodeJwt(String(answer.json.accessToken))["role"]).toBe("admin");
  });

  test("gives a second tab the same successor within the grace window, as often as it asks", async () => {
    const ada = await signUp(stack);
    const shared = cookieHeader(ada.client);
    await ada.client.post("/api/auth/refresh");
    const successor = cookieHeader(ada.client);
    await timeTravel(stack, ada, "rotated_at", session.graceSeconds - 5);
    const [row] = await stack.sql("select rotated_at, generation from sessions where user_id = $1", [ada.id]);

    for (let tab = 0; tab < 3; tab += 1) {
      const other = stack.client();
      const answer = await refreshWith(other, shared);
      expect(answer.status).toBe(200);
      expect(cookieHeader(other)).toBe(successor);
      expect((await me(ada, answer.json.accessToken)).status).toBe(200);
    }
    // The window does not move, however often it is used.
    expect(
      await stack.sql("select rotated_at, generation from sessions where user_id = $1", [ada.id]),
    ).toEqual([row]);
    expect((await refreshWith(stack.client(), successor)).status).toBe(200);
  });

  test("names no cookie age beyond the absolute end of the session", async () => {
    const ada = await signUp(stack);
    await stack.sql("update sessions set expires_at = now() + interval '1000.9 seconds' where user_id = $1", [
      ada.id,
    ]);
    const rotated = cookieHeader(ada.client);
    const answers = [await ada.client.post("/api/auth/refresh"), await refreshWith(stack.client(), rotated)];
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(maxAgeOf(answer)).toBeLessThanOrEqual(1000);
      expect(maxAgeOf(answer)).toBeGreaterThan(940);
    }
  });

  test("moves the idle end, and never the absolute one", async () => {
    const ada = await signUp(stack);
    const ends = "select expires_at, idle_expires_at > now() + make_interval(secs => $2) as moved";
    const look = () =>
      stack.sql(`${ends} from sessions where user_id = $1`, [ada.id, session.idleSeconds - 60]);
    await timeTravel(stack, ada, "idle_expires_at", session.idleSeconds - 60);
    const [before] = await look();
    expect(before?.["moved"]).toBe(false);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
    expect(await look()).toEqual([{ expires_at: before?.["expires_at"], moved: true }]);
  });

  test.each([
    ["idle_expires_at", session.idleSeconds],
    ["expires_at", session.absoluteSeconds],
  ] as const)("ends with %s, and the access token with it", async (column, seconds) => {
    const ada = await signUp(stack);
    await timeTravel(stack, ada, column, seconds);
    const before = cookieHeader(ada.client);
    const answer = await ada.client.post("/api/auth/refresh");
    expect(answer.code).toBe("session-ended");
    expect(removesCookie(answer)).toBe(true);
    expect((await me(ada)).code).toBe("session-ended");
    // A session that has run out is no theft.
    expect((await refreshWith(stack.client(), before)).code).toBe("session-ended");
    const events = await stack.sql("select kind from security_events where user_id = $1", [ada.id]);
    expect(events).toEqual([{ kind: "login" }]);
  });

  test("keeps the cookie when the database fails, and lets the next try in", async () => {
    const ada = await signUp(stack);
    const before = cookieHeader(ada.client);
    await stack.neon.inject(stack.databaseName, { times: 1, fault: { kind: "500" } });
    const answer = await ada.client.post("/api/auth/refresh");
    expect(answer.code).toBe("database-unavailable");
    expect(answer.setCookies).toEqual([]);
    expect(cookieHeader(ada.client)).toBe(before);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("without a cookie answers 401 without a look at the database", async () => {
    const { requests } = await stack.neon.stats(stack.databaseName);
    const answer = await stack.client().post("/api/auth/refresh");
    expect(answer.code).toBe("session-ended");
    expect(answer.setCookies).toEqual([]);
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
  });
});
