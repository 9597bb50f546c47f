import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../lib/auth/limits.js";
import { logIn, type Person, signUp, subjects } from "../../stack/people.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { atOnce, sessionRow } from "./contention.js";
import { cookieHeader, refreshWith, removesCookie, timeTravel } from "./cookies.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** A person who has refreshed, and the cookie of before. */
async function refreshed(): Promise<Person & { replaced: string }> {
  const person = await signUp(stack);
  const replaced = cookieHeader(person.client);
  await person.client.post("/api/auth/refresh");
  return { ...person, replaced };
}

const eventsOf = async ({ id }: Person) =>
  (await stack.sql("select kind from security_events where user_id = $1 order by created_at", [id])).map(
    ({ kind }) => kind,
  );

const noticesOf = ({ id }: Person) =>
  stack.sql("select id from outbox where user_id = $1 and kind = 'session-reuse'", [id]);

async function expectOneNotice(person: Person): Promise<void> {
  expect((await eventsOf(person)).filter((kind) => kind === "refresh-token-reuse")).toHaveLength(1);
  expect(await noticesOf(person)).toHaveLength(1);
  await stack.mailbox.waitForMail(person.email, { subject: subjects.reuse });
  const mails = (await stack.mailbox.mails(person.email)).filter(({ subject }) => subject === subjects.reuse);
  expect(mails).toHaveLength(1);
  expect(mails[0]?.text).not.toContain("#token=");
}

describe("a refresh token that was replaced", () => {
  test("ends the session for everyone when it comes after the grace window, with one event and one notice", async () => {
    const ada = await refreshed();
    const elsewhere = await logIn({ ...ada, client: stack.client() });
    await timeTravel(stack, ada, "rotated_at", session.graceSeconds + 1);
    for (let replay = 0; replay < 3; replay += 1) {
      const answer = await refreshWith(stack.client(), ada.replaced);
      expect(answer.code).toBe("session-ended");
      expect(removesCookie(answer)).toBe(true);
    }
    const current = await ada.client.post("/api/auth/refresh");
    expect(current.code).toBe("session-ended");
    expect(removesCookie(current)).toBe(true);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).code).toBe("session-ended");
    expect((await elsewhere.client.get("/api/auth/me", { token: elsewhere.token })).status).toBe(200);
    expect((await elsewhere.client.post("/api/auth/refresh")).status).toBe(200);
    await expectOneNotice(ada);
  });

  test("ends it within the window too when it is two generations old", async () => {
    const ada = await refreshed();
    await ada.client.post("/api/auth/refresh");
    expect((await refreshWith(stack.client(), ada.replaced)).code).toBe("session-ended");
    expect((await ada.client.post("/api/auth/refresh")).code).toBe("session-ended");
    await expectOneNotice(ada);
  });

  test("lets the person log in again", async () => {
    const ada = await refreshed();
    await timeTravel(stack, ada, "rotated_at", session.graceSeconds + 1);
    await refreshWith(stack.client(), ada.replaced);
    const again = await logIn(ada);
    expect((await again.client.get("/api/auth/me", { token: again.token })).status).toBe(200);
  });

  test("says nothing more after a logout: the session is over already", async () => {
    const ada = await refreshed();
    await ada.client.post("/api/auth/logout");
    await timeTravel(stack, ada, "rotated_at", session.graceSeconds + 1);
    expect((await refreshWith(stack.client(), ada.replaced)).code).toBe("session-ended");
    expect(await eventsOf(ada)).toEqual(["login"]);
    expect(await noticesOf(ada)).toEqual([]);
  });
});

describe.skipIf(!hasPostgres())("POST /api/auth/refresh at once", () => {
  test("answers 50 callers of one token with 200 and one successor, and rotates once", async () => {
    const ada = await signUp(stack);
    const shared = cookieHeader(ada.client);
    const callers = Array.from({ length: 50 }, () => stack.client());
    const answers = await atOnce(stack, sessionRow(ada.id, 12), () =>
      Promise.all(callers.map((client) => refreshWith(client, shared))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(callers.map(cookieHeader)).size).toBe(1);
    expect(cookieHeader(callers[0] ?? ada.client)).not.toBe(shared);
    const [row] = await stack.sql("select generation, ended_at from sessions where user_id = $1", [ada.id]);
    expect(row).toEqual({ generation: 1, ended_at: null });
    const tokens = answers.map(({ json }) => String(json.accessToken));
    const reads = await Promise.all(
      tokens.slice(0, 5).map((token) => ada.client.get("/api/auth/me", { token })),
    );
    expect(reads.every(({ status }) => status === 200)).toBe(true);
    expect(await eventsOf(ada)).toEqual(["login"]);
  });

  test("ends the session once when 20 replay an old token, and nobody gets a token", async () => {
    const ada = await refreshed();
    await timeTravel(stack, ada, "rotated_at", session.graceSeconds + 1);
    const answers = await atOnce(stack, sessionRow(ada.id, 12), () =>
      Promise.all(Array.from({ length: 20 }, () => refreshWith(stack.client(), ada.replaced))),
    );
    expect(answers.map(({ code }) => code)).toEqual(answers.map(() => "session-ended"));
    await expectOneNotice(ada);
  });

  test("never lets a session live on after a logout that meets it", async () => {
    for (let round = 0; round < 4; round += 1) {
      const ada = await signUp(stack);
      const cookie = cookieHeader(ada.client);
      const [refresh, logout] = await atOnce(stack, sessionRow(ada.id, 2), () =>
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
