import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { raceOnRows, runWhileBlocked } from "../auth/row-locks.js";
import { createFeed } from "./new-feed.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe.skipIf(!hasPostgres())("POST /api/feed", () => {
  // @proof feed-of-ended-session-ends
  test("creates no working feed if the sessions of the account end at the same time", async () => {
    const ada = await seedUser(stack);
    const { path } = await runWhileBlocked(
      stack,
      "lock table feeds in exclusive mode",
      () => createFeed(ada),
      () => stack.sql("update users set session_epoch = session_epoch + 1 where id = $1", [ada.id]),
    );
    expect((await stack.client().get(path)).code).toBe("not-found");
  });

  test("in five concurrent requests leaves one feed, whose URL one of them returned", async () => {
    const ada = await seedUser(stack);
    const created = await Promise.all(Array.from({ length: 5 }, () => createFeed(ada)));
    const statuses = await Promise.all(
      created.map(async ({ path }) => (await stack.client().get(path)).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    const { json } = await ada.client.get("/api/feed", { token: ada.token });
    expect(json.url).toBe(created[statuses.indexOf(200)]?.url);
  });

  test("in 50 concurrent requests with one key creates one feed and one notice", async () => {
    const ada = await seedUser(stack);
    const options = { token: ada.token, headers: { "idempotency-key": "one" } };
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => ada.client.post("/api/feed", undefined, options)),
    );
    const urls = responses.flatMap(({ status, json }) => (status === 201 ? [json.url] : []));
    expect(new Set(urls).size).toBe(1);
    expect(responses.filter(({ status, code }) => status !== 201 && code !== "rate-limited")).toEqual([]);
    await stack.waitUntilIdle();
    expect(await stack.sql("select from outbox where user_id = $1", [ada.id])).toHaveLength(1);
  });

  test.each(["post", "delete"] as const)(
    "with the method %s does not deadlock with the deletion of the account",
    async (method) => {
      const [ada, admin] = [await seedUser(stack), await seedUser(stack, { role: "admin" })];
      await createFeed(ada);
      const write = () =>
        method === "post"
          ? ada.client.post("/api/feed", undefined, { token: ada.token })
          : ada.client.delete("/api/feed", { token: ada.token });
      const select = { select: "select from feeds where user_id = $1", params: [ada.id], racers: 2 };
      const [written, deleted] = await raceOnRows(stack, select, () =>
        Promise.all([
          write(),
          new Promise((resolve) => setTimeout(resolve, 300)).then(() =>
            admin.client.delete(`/api/admin/users/${ada.id}`, { token: admin.token }),
          ),
        ]),
      );
      expect([written.status, deleted.status]).toEqual([method === "post" ? 201 : 204, 204]);
      expect(await stack.sql("select from feeds where user_id = $1", [ada.id])).toEqual([]);
    },
  );
});
