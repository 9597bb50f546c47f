import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditOf } from "../../audit/chained-events.js";
import { seedResetLink, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, type TestUser } from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const eventsOf = (person: TestUser, query = "") =>
  stack.client().get(`/api/auth/events${query}`, { token: person.token });

const insertEvent = (userId: string, kind: string, columns: Record<string, string> = {}) =>
  stack.sql(
    `insert into security_events (id, user_id, kind, browser, os, device_kind, place)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      uuidv7(),
      userId,
      kind,
      ...["browser", "os", "device_kind", "place"].map((name) => columns[name] ?? null),
    ],
  );

describe("GET /api/auth/events", () => {
  test("lists what happened to the account, newest first, and every event has its MAC", async () => {
    const ada = await seedUser(stack);
    const newPassword = goodPassword();
    await stack.client().post("/api/auth/reset-password", {
      token: await seedResetLink(stack, ada.id),
      password: newPassword,
    });
    const client = stack.client();
    const { json } = await client.post("/api/auth/login", { email: ada.email, password: newPassword });
    const response = await eventsOf({ ...ada, token: json.accessToken });
    expect(response.status).toBe(200);
    expect(response.json).toMatchObject({
      data: [{ kind: "login" }, { kind: "password-reset" }],
      nextCursor: null,
    });
    expect(Date.parse(response.json.data[0].createdAt)).toBeGreaterThan(Date.now() - 60_000);
    expect((await auditOf(stack)).unchained).toBe(0);
  });

  test("shows the device and the place that an event has, and nulls without them", async () => {
    const ada = await seedUser(stack);
    await insertEvent(ada.id, "login");
    const words = { browser: "Firefox", os: "Windows", device_kind: "desktop", place: "near Aarhus, DK" };
    await insertEvent(ada.id, "login", words);
    expect((await eventsOf(ada)).json.data).toMatchObject([
      { device: { browser: "Firefox", os: "Windows", kind: "desktop" }, place: "near Aarhus, DK" },
      { device: { browser: null, os: null, kind: null }, place: null },
    ]);
  });

  test("shows a kind of a newer release", async () => {
    const ada = await seedUser(stack);
    await insertEvent(ada.id, "passkey-added");
    expect((await eventsOf(ada)).json.data).toMatchObject([{ kind: "passkey-added" }]);
  });

  // @proof own-events-only
  test("does not list events of other accounts, and refuses the cursor of another user's list", async () => {
    const [ada, eve] = [await seedUser(stack), await seedUser(stack)];
    for (let i = 0; i < 2; i += 1) await insertEvent(ada.id, "login");
    expect((await eventsOf(eve)).json.data).toEqual([]);
    const { nextCursor } = (await eventsOf(ada, "?limit=1")).json;
    expect((await eventsOf(ada, `?limit=1&cursor=${nextCursor}`)).json).toMatchObject({ nextCursor: null });
    expect((await eventsOf(eve, `?cursor=${nextCursor}`)).code).toBe("invalid-cursor");
  });

  test("lists each event once, page by page", async () => {
    const ada = await seedUser(stack);
    for (let i = 0; i < 5; i += 1) await insertEvent(ada.id, `kind ${i}`);
    const found = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { json } = await eventsOf(ada, `?limit=2${cursor ? `&cursor=${cursor}` : ""}`);
      found.push(...json.data.map(({ kind }: { kind: string }) => kind));
      cursor = json.nextCursor as string | null;
    }
    expect(found).toEqual(["kind 4", "kind 3", "kind 2", "kind 1", "kind 0"]);
  });
});

describe("DELETE /api/admin/users/{id}", () => {
  test("deletes the chain of the account's own events, and keeps that of the changes by admins", async () => {
    const [admin, ada] = [await seedUser(stack, { role: "admin" }), await seedUser(stack)];
    await stack.client().post("/api/auth/login", { email: ada.email, password: ada.password });
    const chainsOf = () =>
      stack.sql("select chain, seq from event_chains where account_id = $1 order by chain", [ada.id]);
    expect(await chainsOf()).toEqual([{ chain: "security", seq: 1 }]);
    const path = `/api/admin/users/${ada.id}`;
    await admin.client.patch(path, { role: "admin", banned: true }, { token: admin.token });
    await admin.client.delete(path, { token: admin.token });
    expect(await chainsOf()).toEqual([{ chain: "admin", seq: 3 }]);
    const actions = await stack.sql("select action from admin_events where target_id = $1 order by seq", [
      ada.id,
    ]);
    expect(actions.map(({ action }) => action)).toEqual(["promoted", "banned", "deleted"]);
    expect((await auditOf(stack)).faults).toEqual([]);
  });
});
