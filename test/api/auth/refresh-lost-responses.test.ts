import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessTokenSeconds, session } from "../../../lib/auth/limits.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { cookieHeader, refreshWith, timeTravel } from "./cookies.js";
import { raceOnRows, sessionRow } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Lets time go by for every clock of the session. */
async function pass(person: TestUser, seconds: number): Promise<void> {
  for (const column of ["rotated_at", "idle_expires_at", "expires_at"] as const)
    await timeTravel(stack, person, column, seconds);
}

/** Refreshes with the browser's cookie, but the response never arrives. */
async function lose(person: TestUser): Promise<void> {
  const { status } = await refreshWith(stack.client(), cookieHeader(person.client));
  expect(status).toBe(200);
}

const refresh = async (person: TestUser) => (await person.client.post("/api/auth/refresh")).status;

const reuses = ({ id }: TestUser) =>
  stack.sql("select id from security_events where user_id = $1 and kind = 'refresh-token-reuse'", [id]);

describe("POST /api/auth/refresh after a lost response", () => {
  // @proof lost-response-keeps-session
  test.each([1, session.graceSeconds - 5, session.graceSeconds + 5, accessTokenSeconds, 6 * 24 * 3600])(
    "continues the session when the retry comes %i seconds later",
    async (seconds) => {
      const ada = await signUp(stack);
      await lose(ada);
      await pass(ada, seconds);
      expect(await refresh(ada)).toBe(200);
      expect(await refresh(ada)).toBe(200);
      expect(await reuses(ada)).toEqual([]);
    },
  );

  test("continues the session however many responses in a row are lost", async () => {
    const ada = await signUp(stack);
    for (let loss = 0; loss < 4; loss += 1) {
      await lose(ada);
      await pass(ada, session.graceSeconds + 1);
    }
    expect(await refresh(ada)).toBe(200);
    expect(await refresh(ada)).toBe(200);
  });

  // @proof reissue-voids-lost-successor
  test("voids the successor that was lost, once another one has been issued", async () => {
    const ada = await signUp(stack);
    const lost = stack.client();
    await refreshWith(lost, cookieHeader(ada.client));
    await pass(ada, session.graceSeconds + 1);
    expect(await refresh(ada)).toBe(200);
    expect((await lost.post("/api/auth/refresh")).code).toBe("session-ended");
    expect(await refresh(ada)).toBe(401);
    expect(await reuses(ada)).toHaveLength(1);
  });

  test("continues the session through a week in which any response may be lost", async () => {
    const ada = await signUp(stack);
    // Every pattern of losses over six refreshes occurs, at short and long intervals.
    const intervals = [accessTokenSeconds, 1, 8 * 3600, session.graceSeconds + 1, 5, 24 * 3600];
    for (let pattern = 0; pattern < 2 ** intervals.length; pattern += 1) {
      for (const [turn, seconds] of intervals.entries()) {
        await pass(ada, seconds);
        if ((pattern >> turn) & 1) await lose(ada);
        else expect(await refresh(ada), `pattern ${pattern}, refresh ${turn}`).toBe(200);
      }
      // A fresh 30 days, so that the test sees losses only.
      await stack.sql("update sessions set expires_at = now() + interval '30 days' where user_id = $1", [
        ada.id,
      ]);
    }
    expect(await reuses(ada)).toEqual([]);
  });
});

describe("POST /api/auth/refresh in two tabs", () => {
  // A response can be no later than the client's deadline, which is shorter than the grace window.
  // @proof late-set-cookie-keeps-session
  test.each(["first", "second"])(
    "continues the session when the Set-Cookie header of the %s tab arrives last",
    async (lastTab) => {
      const ada = await signUp(stack);
      const shared = cookieHeader(ada.client);
      const tabs = { first: stack.client(), second: stack.client() };
      expect((await refreshWith(tabs.first, shared)).status).toBe(200);
      await pass(ada, session.graceSeconds - 30);
      expect((await refreshWith(tabs.second, shared)).status).toBe(200);
      const last = lastTab === "first" ? tabs.first : tabs.second;
      expect((await last.post("/api/auth/refresh")).status).toBe(200);
      expect((await last.post("/api/auth/refresh")).status).toBe(200);
    },
  );

  test("continues the session when a response that is one refresh old arrives last", async () => {
    const ada = await signUp(stack);
    await refresh(ada);
    const older = cookieHeader(ada.client);
    await refresh(ada);
    expect((await refreshWith(ada.client, older)).status).toBe(200);
    expect(await refresh(ada)).toBe(200);
  });

  test.skipIf(!hasPostgres())(
    "issues one new successor to 50 concurrent retries after the grace window",
    async () => {
      const ada = await signUp(stack);
      const shared = cookieHeader(ada.client);
      await lose(ada);
      await pass(ada, session.graceSeconds + 1);
      const callers = Array.from({ length: 50 }, () => stack.client());
      const responses = await raceOnRows(stack, sessionRow(ada.id, 12), () =>
        Promise.all(callers.map((client) => refreshWith(client, shared))),
      );
      expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
      expect(new Set(callers.map(cookieHeader)).size).toBe(1);
      expect((await refreshWith(stack.client(), cookieHeader(callers[0] ?? ada.client))).status).toBe(200);
    },
  );
});
