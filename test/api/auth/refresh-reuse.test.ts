import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../lib/auth/limits.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { signIn, signUp, subjects, type TestUser } from "../../stack/users.js";
import { clearsCookie, cookieHeader, refreshWith, timeTravel } from "./cookies.js";
import { raceOnRows, sessionRow } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** A person who has refreshed twice, and the cookie of the first refresh: its successor has been used. */
async function personWithReplacedCookie(): Promise<TestUser & { replacedCookie: string }> {
  const person = await signUp(stack);
  const replacedCookie = cookieHeader(person.client);
  await person.client.post("/api/auth/refresh");
  await person.client.post("/api/auth/refresh");
  return { ...person, replacedCookie };
}

const eventsOf = async ({ id }: TestUser) =>
  (await stack.sql("select kind from security_events where user_id = $1 order by created_at", [id])).map(
    ({ kind }) => kind,
  );

const noticesOf = ({ id }: TestUser) =>
  stack.sql("select id from outbox where user_id = $1 and kind = 'session-reuse'", [id]);

async function expectOneNotice(person: TestUser): Promise<void> {
  expect((await eventsOf(person)).filter((kind) => kind === "refresh-token-reuse")).toHaveLength(1);
  expect(await noticesOf(person)).toHaveLength(1);
  await stack.mailbox.waitForMail(person.email, { subject: subjects.reuse });
  const mails = (await stack.mailbox.mails(person.email)).filter(({ subject }) => subject === subjects.reuse);
  expect(mails).toHaveLength(1);
  expect(mails[0]?.text.match(/\/[\w-]+#token=/g)).toEqual(["/not-me#token="]);
}

describe("POST /api/auth/refresh with a token whose successor has been used", () => {
  // @proof token-reuse-ends-session
  test.each([0, session.graceSeconds + 1])(
    "ends the session for every holder after %i seconds, with one event and one notice",
    async (seconds) => {
      const ada = await personWithReplacedCookie();
      const otherDevice = await signIn({ ...ada, client: stack.client() });
      await timeTravel(stack, ada, "rotated_at", seconds);
      const replay = await refreshWith(stack.client(), ada.replacedCookie);
      expect(replay.code).toBe("session-ended");
      expect(clearsCookie(replay)).toBe(true);
      for (const cookie of [ada.replacedCookie, cookieHeader(ada.client)]) {
        const response = await refreshWith(stack.client(), cookie);
        expect(response.code).toBe("session-ended");
        expect(response.setCookies).toEqual([]);
      }
      expect((await ada.client.get("/api/auth/me", { token: ada.token })).code).toBe("session-ended");
      expect((await otherDevice.client.get("/api/auth/me", { token: otherDevice.token })).status).toBe(200);
      expect((await otherDevice.client.post("/api/auth/refresh")).status).toBe(200);
      await expectOneNotice(ada);
    },
  );

  test("lets the person sign in again", async () => {
    const ada = await personWithReplacedCookie();
    await refreshWith(stack.client(), ada.replacedCookie);
    const again = await signIn(ada);
    expect((await again.client.get("/api/auth/me", { token: again.token })).status).toBe(200);
  });

  test("reports no reuse after a sign-out, which has already ended the session", async () => {
    const ada = await personWithReplacedCookie();
    await ada.client.post("/api/auth/logout");
    expect((await refreshWith(stack.client(), ada.replacedCookie)).code).toBe("session-ended");
    expect(await eventsOf(ada)).toEqual(["login"]);
    expect(await noticesOf(ada)).toEqual([]);
  });
});

describe.skipIf(!hasPostgres())("concurrent POST /api/auth/refresh", () => {
  test("returns 200 and one successor to 50 callers with the same token, and rotates once", async () => {
    const ada = await signUp(stack);
    const shared = cookieHeader(ada.client);
    const callers = Array.from({ length: 50 }, () => stack.client());
    const responses = await raceOnRows(stack, sessionRow(ada.id, 12), () =>
      Promise.all(callers.map((client) => refreshWith(client, shared))),
    );
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    expect(new Set(callers.map(cookieHeader)).size).toBe(1);
    expect(cookieHeader(callers[0] ?? ada.client)).not.toBe(shared);
    const [row] = await stack.sql("select generation, ended_at from sessions where user_id = $1", [ada.id]);
    expect(row).toEqual({ generation: 1, ended_at: null });
    const tokens = responses.map(({ json }) => String(json.accessToken));
    const reads = await Promise.all(
      tokens.slice(0, 5).map((token) => ada.client.get("/api/auth/me", { token })),
    );
    expect(reads.every(({ status }) => status === 200)).toBe(true);
    expect(await eventsOf(ada)).toEqual(["login"]);
  });

  test("ends the session once when 20 callers replay an old token, and issues no token", async () => {
    const ada = await personWithReplacedCookie();
    const responses = await raceOnRows(stack, sessionRow(ada.id, 12), () =>
      Promise.all(Array.from({ length: 20 }, () => refreshWith(stack.client(), ada.replacedCookie))),
    );
    expect(responses.map(({ code }) => code)).toEqual(responses.map(() => "session-ended"));
    await expectOneNotice(ada);
  });

  test("never keeps a session alive after a concurrent sign-out", async () => {
    for (let round = 0; round < 4; round += 1) {
      const ada = await signUp(stack);
      const cookie = cookieHeader(ada.client);
      const [refresh, logout] = await raceOnRows(stack, sessionRow(ada.id, 2), () =>
        Promise.all([
          refreshWith(stack.client(), cookie),
          stack.client().post("/api/auth/logout", undefined, { cookie }),
        ]),
      );
      expect([200, 401]).toContain(refresh.status);
      expect(logout.status).toBe(204);
      const token = String(refresh.json.accessToken ?? ada.token);
      expect((await ada.client.get("/api/auth/me", { token })).code).toBe("session-ended");
    }
  });
});
