import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issueAccessToken } from "../../../lib/auth/access-token.js";
import { sessionCookie } from "../../../lib/auth/cookies.js";
import { issueRefreshToken } from "../../../lib/auth/refresh-token.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { authEnv, seedSession, seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { clearsCookie, hasSessionCookie, refreshWith } from "./cookies.js";
import { eventsOf, listedSessions, userAgents } from "./own-sessions.js";
import { raceOnRows } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

type Device = TestUser & { sessionId: string; cookie: string };

const cookieOf = (sessionId: string, generation = 0) => {
  const env = authEnv(stack);
  return `${sessionCookie.name(env)}=${issueRefreshToken(keyRing(env.AUTH_SECRET), { sessionId, generation })}`;
};

/** Another device on which the person is signed in. */
async function deviceOf(person: TestUser): Promise<Device> {
  const sessionId = await seedSession(stack, person.id);
  const identity = {
    userId: person.id,
    sessionId,
    role: "user",
    authTime: new Date().toISOString(),
  } as const;
  const { accessToken } = await issueAccessToken(authEnv(stack), identity);
  return { ...person, client: stack.client(), token: accessToken, sessionId, cookie: cookieOf(sessionId) };
}

const end = ({ client, token }: TestUser, id: string) => client.delete(`/api/auth/sessions/${id}`, { token });
const endOthers = ({ client, token }: TestUser, query = "") =>
  client.delete(`/api/auth/sessions${query}`, { token });
const codeOfMe = async ({ token }: TestUser) => (await stack.client().get("/api/auth/me", { token })).code;

async function expectEnded({ token, cookie }: Device): Promise<void> {
  for (const path of ["/api/auth/me", "/api/auth/sessions", "/api/tasks"]) {
    expect((await stack.client().get(path, { token })).code, path).toBe("session-ended");
  }
  const refused = await refreshWith(stack.client(), cookie);
  expect([refused.code, refused.setCookies]).toEqual(["session-ended", []]);
}

describe("DELETE /api/auth/sessions/{id}", () => {
  // @proof ended-device-loses-access
  test("ends the access token and the refresh token of that device only, and records it", async () => {
    const ada = await seedUser(stack);
    const [lost, kept] = [await deviceOf(ada), await deviceOf(ada)];
    const headers = { "user-agent": userAgents.chrome };
    const path = `/api/auth/sessions/${lost.sessionId}`;
    const response = await ada.client.delete(path, { token: ada.token, headers });
    expect([response.status, response.setCookies]).toEqual([204, []]);
    await expectEnded(lost);
    for (const person of [ada, kept]) expect(await codeOfMe(person)).toBeUndefined();
    expect(await eventsOf(stack, ada)).toMatchObject([
      { kind: "session-ended", sessionId: lost.sessionId, browser: "Chrome", os: "Windows" },
    ]);
  });

  test("treats the refresh of an ended session as a refusal, not as reuse", async () => {
    const ada = await seedUser(stack);
    const lost = await deviceOf(ada);
    await stack.sql("update sessions set generation = 9 where id = $1", [lost.sessionId]);
    await end(ada, lost.sessionId);
    await expectEnded(lost);
    expect((await eventsOf(stack, ada)).map(({ kind }) => kind)).toEqual(["session-ended"]);
    expect(await stack.sql("select id from outbox where user_id = $1", [ada.id])).toEqual([]);
  });

  test("succeeds again for a session that has ended or expired, and records nothing more", async () => {
    const ada = await seedUser(stack);
    const [lost, expired] = [await deviceOf(ada), await deviceOf(ada)];
    await stack.sql("update sessions set idle_expires_at = now() where id = $1", [expired.sessionId]);
    const ended = () => stack.sql("select ended_at from sessions where id = $1", [lost.sessionId]);
    expect((await end(ada, lost.sessionId)).status).toBe(204);
    const before = await ended();
    expect((await end(ada, lost.sessionId)).status).toBe(204);
    expect((await end(ada, expired.sessionId)).status).toBe(204);
    expect(await ended()).toEqual(before);
    expect(await eventsOf(stack, ada)).toHaveLength(1);
  });

  // @proof foreign-session-looks-missing
  test("responds to another user's session as to one that does not exist, and leaves it alone", async () => {
    const [ada, grace] = [await seedUser(stack), await seedUser(stack)];
    const foreign = await end(ada, grace.sessionId);
    const missing = await end(ada, randomUUID());
    for (const { status, code } of [foreign, missing, await end(ada, "no-id")])
      expect([status, code]).toEqual([404, "not-found"]);
    const { instance: _, ...body } = foreign.json;
    expect(missing.json).toMatchObject({ ...body, requestId: expect.anything() });
    expect(await codeOfMe(grace)).toBeUndefined();
    expect(await eventsOf(stack, grace)).toEqual([]);
  });

  test("with its own id is a sign-out that clears the cookie", async () => {
    const ada = await seedUser(stack);
    const response = await end(ada, ada.sessionId);
    expect(response.status).toBe(204);
    expect(clearsCookie(response)).toBe(true);
    expect(hasSessionCookie(ada.client)).toBe(false);
    await expectEnded({ ...ada, cookie: cookieOf(ada.sessionId) });
  });

  test("with its own id keeps the cookie of another session", async () => {
    const [ada, grace] = [await seedUser(stack), await seedUser(stack)];
    const response = await grace.client.delete(`/api/auth/sessions/${ada.sessionId}`, { token: ada.token });
    expect([response.status, response.setCookies]).toEqual([204, []]);
    expect((await grace.client.post("/api/auth/refresh")).status).toBe(200);
  });
});

describe("DELETE /api/auth/sessions", () => {
  // @proof other-devices-lose-access
  test("ends all other sessions of the user, and records it once", async () => {
    const [ada, grace] = [await seedUser(stack), await seedUser(stack)];
    const others = [await deviceOf(ada), await deviceOf(ada)];
    for (let time = 0; time < 2; time += 1) {
      const response = await endOthers(ada);
      expect([response.status, response.setCookies]).toEqual([204, []]);
    }
    for (const device of others) await expectEnded(device);
    expect((await listedSessions(ada)).map(({ id }) => id)).toEqual([ada.sessionId]);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
    expect(await codeOfMe(grace)).toBeUndefined();
    expect((await eventsOf(stack, ada)).map(({ kind }) => kind)).toEqual(["sessions-ended"]);
  });

  test("with current=true ends this session too, and clears its cookie", async () => {
    const ada = await seedUser(stack);
    const other = await deviceOf(ada);
    const response = await endOthers(ada, "?current=true");
    expect(response.status).toBe(204);
    expect(clearsCookie(response)).toBe(true);
    await expectEnded(other);
    await expectEnded({ ...ada, cookie: cookieOf(ada.sessionId) });
    expect((await endOthers(ada, "?current=true")).code).toBe("session-ended");
  });

  test("keeps every session when the database fails", async () => {
    const ada = await seedUser(stack);
    const other = await deviceOf(ada);
    await stack.neon.inject(stack.databaseName, { times: 1, fault: { kind: "refuse" } });
    const failed = await endOthers(ada, "?current=true");
    expect([failed.code, failed.setCookies]).toEqual(["database-unavailable", []]);
    for (const person of [ada, other]) expect(await codeOfMe(person)).toBeUndefined();
  });
});

describe.skipIf(!hasPostgres())("a session that is ended while it refreshes", () => {
  const row = (id: string) => ({ select: "select from sessions where id = $1", params: [id], racers: 12 });

  // @proof ended-session-stays-ended-in-races
  test.each([
    ["DELETE /api/auth/sessions/{id}", (ada: TestUser, id: string) => end(ada, id)],
    ["DELETE /api/auth/sessions", (ada: TestUser) => endOthers(ada)],
  ])("never works again after %s among 50 refreshes", async (_, endIt) => {
    const ada = await seedUser(stack);
    const device = await deviceOf(ada);
    const callers = Array.from({ length: 50 }, () => stack.client());
    const [ended, ...refreshed] = await raceOnRows(stack, row(device.sessionId), () =>
      Promise.all([
        new Promise((resolve) => setTimeout(resolve, 20)).then(() => endIt(ada, device.sessionId)),
        ...callers.map((client) => refreshWith(client, device.cookie)),
      ]),
    );
    expect(ended?.status).toBe(204);
    for (const { status, code } of refreshed) expect(code ?? status).toBeOneOf([200, "session-ended"]);
    const tokens = refreshed.flatMap(({ json }) => (json.accessToken ? [String(json.accessToken)] : []));
    for (const token of [device.token, ...new Set(tokens)]) {
      expect(await codeOfMe({ ...device, token })).toBe("session-ended");
    }
    for (const generation of [0, 1, 2]) {
      const refused = await refreshWith(stack.client(), cookieOf(device.sessionId, generation));
      expect(refused.code).toBe("session-ended");
    }
    expect(await codeOfMe(ada)).toBeUndefined();
    const kinds = (await eventsOf(stack, ada)).map(({ kind }) => kind);
    expect(kinds).toHaveLength(1);
    expect(kinds).not.toContain("refresh-token-reuse");
  });
});
