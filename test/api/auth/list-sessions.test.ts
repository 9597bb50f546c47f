import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../lib/auth/limits.js";
import { seedRegistration, seedSession, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { eventsOf, listedSessions, signInWith, userAgents } from "./own-sessions.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ geo: { city: "Århus C", country: "DK" } });
});
afterAll(() => stack.stop());

const chromeOnWindows = { browser: "Chrome", os: "Windows", kind: "desktop" };

describe("GET /api/auth/sessions", () => {
  test("names the device and the place of each sign-in, and marks the session of the token", async () => {
    const ada = await seedUser(stack);
    const { json } = await signInWith(stack, ada, userAgents.chrome);
    const sessions = await listedSessions({ ...ada, token: json.accessToken });
    expect(sessions).toMatchObject([
      { device: chromeOnWindows, place: "near Århus C, DK", current: true },
      { id: ada.sessionId, device: { browser: null, os: null, kind: null }, place: null, current: false },
    ]);
  });

  test("names the device that confirmed the email address", async () => {
    const { token, registration, ...person } = await seedRegistration(stack);
    const client = stack.client();
    const options = { headers: { "user-agent": userAgents.firefox } };
    const { json } = await client.post("/api/auth/verify-email", { token, registration }, options);
    const [own] = await listedSessions({ ...person, client, token: json.accessToken });
    expect(own).toMatchObject({ device: { browser: "Firefox", os: "Linux" }, place: "near Århus C, DK" });
  });

  // @proof user-agent-and-address-not-stored
  test("stores neither the user agent nor the IP address of a sign-in", async () => {
    const ada = await seedUser(stack);
    await signInWith(stack, ada, userAgents.chrome);
    const rows = await stack.sql(
      `select to_jsonb(sessions)::text as row from sessions where user_id = $1
        union all select to_jsonb(security_events)::text from security_events where user_id = $1
        union all select to_jsonb(outbox)::text from outbox where user_id = $1`,
      [ada.id],
    );
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.map(({ row }) => String(row)).join("\n")).not.toMatch(/Mozilla|\b140\b|\b127\.\d/);
  });

  test("records the words of the request with each event", async () => {
    const ada = await seedUser(stack);
    await signInWith(stack, ada, userAgents.chrome);
    await stack.sql("update sessions set generation = 9 where id = $1", [ada.sessionId]);
    await ada.client.post("/api/auth/refresh", undefined, { headers: { "user-agent": userAgents.firefox } });
    expect(await eventsOf(stack, ada)).toMatchObject([
      { kind: "login", browser: "Chrome", os: "Windows", deviceKind: "desktop", place: "near Århus C, DK" },
      { kind: "refresh-token-reuse", browser: "Firefox", os: "Linux", deviceKind: "desktop" },
    ]);
  });

  test("lists the most recently used first, at most as many as a user may have", async () => {
    const ada = await seedUser(stack);
    await stack.sql(
      `insert into sessions (id, user_id, epoch, rotated_at, idle_expires_at, expires_at)
       select gen_random_uuid(), $1, 0, now() - make_interval(mins => i), now() + interval '1 day',
              now() + interval '2 days' from generate_series(1, $2::int) as i`,
      [ada.id, session.maxPerUser + 5],
    );
    const used = (await listedSessions(ada)).map(({ lastUsedAt }) => lastUsedAt);
    expect(used).toHaveLength(session.maxPerUser);
    expect(used).toEqual([...used].sort().reverse());
  });

  test("a refresh changes only the time of the last use in the list", async () => {
    const ada = await seedUser(stack);
    await stack.sql("update sessions set rotated_at = now() - interval '1 hour' where user_id = $1", [
      ada.id,
    ]);
    const [before] = await listedSessions(ada);
    await ada.client.post("/api/auth/refresh", undefined, { headers: { "user-agent": userAgents.chrome } });
    const [after] = await listedSessions(ada);
    expect(after).toEqual({ ...before, lastUsedAt: after?.lastUsedAt });
    expect(String(after?.lastUsedAt) > String(before?.lastUsedAt)).toBe(true);
  });

  // @proof own-live-sessions-only
  test.each([
    ["has ended", "ended_at = now()"],
    ["was idle for too long", "idle_expires_at = now()"],
    ["has reached its absolute limit", "expires_at = now()"],
    ["belongs to an earlier epoch", "epoch = -1"],
  ])("leaves out a session that %s, and those of other users", async (_, change) => {
    const [ada, grace] = [await seedUser(stack), await seedUser(stack)];
    const gone = await seedSession(stack, ada.id);
    await stack.sql(`update sessions set ${change} where id = $1`, [gone]);
    expect((await listedSessions(ada)).map(({ id }) => id)).toEqual([ada.sessionId]);
    expect((await listedSessions(grace)).map(({ id }) => id)).toEqual([grace.sessionId]);
  });
});
