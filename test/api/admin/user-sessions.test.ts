import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedSession, seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { signIn, subjects, type TestUser } from "../../stack/users.js";
import { cookieHeader, refreshWith } from "../auth/cookies.js";
import { eventsOf, listedSessions, userAgents } from "../auth/own-sessions.js";
import { raceOnRows, userRow } from "../auth/row-locks.js";
import { eventsAbout } from "./admin-events.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const path = ({ id }: { id: string }, what = "sessions") => `/api/admin/users/${id}/${what}`;
const get = (person: { id: string }, what = "sessions") =>
  admin.client.get(path(person, what), { token: admin.token });
const endAll = (person: { id: string }, headers: Record<string, string> = {}) =>
  admin.client.delete(path(person), { token: admin.token, headers });
const me = ({ token }: { token: string }) => stack.client().get("/api/auth/me", { token });
const nobody = { id: "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21" };
const noticesTo = ({ id }: { id: string }) => stack.sql("select kind from outbox where user_id = $1", [id]);

describe("GET /api/admin/users/{id}/sessions", () => {
  test("lists the live sessions of the user, as the owner sees them", async () => {
    const ada = await seedUser(stack);
    const [ended, expired] = [await seedSession(stack, ada.id), await seedSession(stack, ada.id)];
    await stack.sql("update sessions set ended_at = now() where id = $1", [ended]);
    await stack.sql("update sessions set idle_expires_at = now() where id = $1", [expired]);
    const phone = await signIn({ ...ada, client: stack.client() });
    const own = await listedSessions(phone);
    const { status, json } = await get(ada);
    expect(status).toBe(200);
    expect(json.sessions).toHaveLength(2);
    expect(json.sessions).toEqual(own.map(({ current: _, ...session }) => session));
  });

  test("returns an empty list for a user without a session, and 404 for an unknown one", async () => {
    const ada = await seedUser(stack);
    await stack.sql("delete from sessions where user_id = $1", [ada.id]);
    expect((await get(ada)).json).toEqual({ sessions: [] });
    expect((await get(nobody)).code).toBe("not-found");
  });
});

describe("GET /api/admin/users/{id}/events", () => {
  test("pages through the same list as the owner's, and its cursor is of no use for another user", async () => {
    const ada = await seedUser(stack);
    for (let i = 0; i < 3; i += 1) await signIn({ ...ada, client: stack.client() });
    const own = (await ada.client.get("/api/auth/events", { token: ada.token })).json.data;
    const first = (await get(ada, "events?limit=2")).json;
    const next = await get(ada, `events?limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...next.json.data]).toEqual(own);
    expect(next.json.nextCursor).toBeNull();
    const other = await seedUser(stack);
    expect((await get(other, `events?cursor=${first.nextCursor}`)).code).toBe("invalid-cursor");
    expect((await get(other, "events")).json).toEqual({ data: [], nextCursor: null });
    expect((await get(nobody, "events")).code).toBe("not-found");
  });
});

describe("DELETE /api/admin/users/{id}/sessions", () => {
  // @proof admin-ends-sessions
  test("ends every session, tells the owner by email and history, and records who did it, once", async () => {
    const [ada, grace] = [await seedUser(stack), await seedUser(stack)];
    const phone = await signIn({ ...ada, client: stack.client() });
    const cookies = [ada, phone].map(({ client }) => cookieHeader(client));
    await stack.sql("delete from outbox where user_id = $1", [ada.id]);
    const headers = { "user-agent": userAgents.chrome };
    for (let i = 0; i < 3; i += 1) expect((await endAll(ada, headers)).status).toBe(204);
    for (const device of [ada, phone]) expect((await me(device)).code).toBe("session-ended");
    for (const cookie of cookies)
      expect((await refreshWith(stack.client(), cookie)).code).toBe("session-ended");
    expect((await me(grace)).status).toBe(200);
    expect((await get(ada)).json.sessions).toEqual([]);
    await stack.mailbox.waitForMail(ada.email, { subject: subjects.sessionsEnded });
    expect(await noticesTo(ada)).toEqual([{ kind: "sessions-ended-by-admin" }]);
    expect((await eventsAbout(admin, ada)).map(({ action, actor }) => [action, actor?.id])).toEqual([
      ["sessions-ended", admin.id],
    ]);
    const latest = (await eventsOf(stack, ada)).at(-1);
    expect(latest, "the device of the admin is not the owner's business").toMatchObject({
      kind: "sessions-ended-by-admin",
      browser: null,
      os: null,
      place: null,
    });
    expect((await me(await signIn(ada))).status).toBe(200);
  });

  test("signs the admin out who ends the own sessions", async () => {
    const self = await seedUser(stack, { role: "admin" });
    const response = await self.client.delete(path(self), { token: self.token });
    expect(response.status).toBe(204);
    expect((await me(self)).code).toBe("session-ended");
  });

  test("returns 404 for an unknown user and changes nothing for one without a session", async () => {
    expect((await endAll(nobody)).code).toBe("not-found");
    const ada = await seedUser(stack);
    await stack.sql("update sessions set ended_at = now() where user_id = $1", [ada.id]);
    expect((await endAll(ada)).status).toBe(204);
    expect(await noticesTo(ada)).toEqual([]);
    expect(await eventsAbout(admin, ada)).toEqual([]);
  });

  test.skipIf(!hasPostgres())(
    "leaves no session from before it when it races sign-ins and refreshes",
    async () => {
      for (let round = 0; round < 3; round += 1) {
        const ada = await seedUser(stack);
        const { email, password } = ada;
        const cookie = cookieHeader(ada.client);
        const [ended, ...others] = await raceOnRows(stack, userRow(email, 4), () =>
          Promise.all([
            endAll(ada),
            ...Array.from({ length: 3 }, () => stack.client().post("/api/auth/login", { email, password })),
            ...Array.from({ length: 3 }, () => refreshWith(stack.client(), cookie)),
          ]),
        );
        expect(ended?.status).toBe(204);
        expect((await me(ada)).code).toBe("session-ended");
        const epoch = "select session_epoch from users where id = $1";
        const live = await stack.sql(
          `select id from sessions where user_id = $1 and ended_at is null and epoch = (${epoch})`,
          [ada.id],
        );
        const signedIn = others.slice(0, 3).filter(({ status }) => status === 200);
        // A sign-in that comes later stays; one that came before has ended.
        expect(live.length).toBeLessThanOrEqual(signedIn.length);
        for (const { status } of others) expect([200, 401]).toContain(status);
      }
    },
  );
});
