import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { seal } from "../../../lib/crypto/sealed-token.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { notMeToken, subjects, type TestUser } from "../../stack/users.js";
import { eventsOf, userAgents } from "../auth/own-sessions.js";
import { expectRateLimited, spendBudget } from "../auth/rate-limits.js";
import { isReplay } from "../tasks/idempotent-create.js";
import { createFeed } from "./new-feed.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  ada = await seedUser(stack);
});
afterAll(() => stack.stop());

const get = ({ client, token }: TestUser) => client.get("/api/feed", { token });
const revoke = ({ client, token }: TestUser) => client.delete("/api/feed", { token });
const read = (path: string) => stack.client().get(path);
const kindsOf = async (person: TestUser) => (await eventsOf(stack, person)).map(({ kind }) => kind);

describe("POST /api/feed", () => {
  test("returns a URL under APP_URL that GET /api/feed returns too and anyone can read", async () => {
    const created = await ada.client.post("/api/feed", undefined, { token: ada.token });
    expect(created.status).toBe(201);
    expect(created.json.url).toMatch(/^http:\/\/[^/]+\/api\/feed\/[\w-]{86}\.ics$/);
    expect(created.json.url.startsWith(`${stack.env["APP_URL"]}/`)).toBe(true);
    expect((await get(ada)).json).toEqual(created.json);
    const response = await read(new URL(created.json.url).pathname);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
  });

  // @proof replaced-feed-ends
  test("replaces the feed of the account: the old URL stops working", async () => {
    const [first, second] = [await createFeed(ada), await createFeed(ada)];
    expect(second.path).not.toBe(first.path);
    expect((await read(first.path)).code).toBe("not-found");
    expect((await read(second.path)).status).toBe(200);
    expect((await get(ada)).json.url).toBe(second.url);
    expect(await stack.sql("select id from feeds where user_id = $1", [ada.id])).toHaveLength(1);
  });

  test("records the device and the place of the request", async () => {
    const headers = { "user-agent": userAgents.firefox };
    await ada.client.post("/api/feed", undefined, { token: ada.token, headers });
    expect(await eventsOf(stack, ada)).toMatchObject([
      { kind: "feed-created", browser: "Firefox", os: "Linux" },
    ]);
  });

  // @proof new-feed-announced
  test("sends the owner a notice without the URL, whose link “This wasn't me” ends the feed", async () => {
    const { path } = await createFeed(ada);
    const { text } = await stack.mailbox.waitForMail(ada.email, { subject: subjects.feedCreated });
    expect(text).not.toContain("/api/feed/");
    const token = await notMeToken(stack, ada.email, subjects.feedCreated);
    expect((await stack.client().post("/api/auth/not-me", { token })).status).toBe(200);
    expect((await read(path)).code).toBe("not-found");
  });

  // @proof feed-notices-limited
  test("is refused once its budget is spent, and keeps the existing feed", async () => {
    const { path } = await createFeed(ada);
    await spendBudget(stack, { budget: budgets.feedsByUser, subject: ada.id });
    const refused = await ada.client.post("/api/feed", undefined, { token: ada.token });
    expectRateLimited(refused, budgets.feedsByUser);
    expect((await read(path)).status).toBe(200);
    await stack.waitUntilIdle();
    expect(await stack.sql("select from outbox where user_id = $1", [ada.id])).toHaveLength(1);
    expect((await revoke(ada)).status).toBe(204);
  });

  test("is safe to repeat when its response was lost: one feed is left, and GET /api/feed has its URL", async () => {
    await stack.neon.inject(stack.databaseName, { fault: { kind: "lost" }, times: 1, match: "into feeds" });
    const lost = await ada.client.post("/api/feed", undefined, { token: ada.token });
    expect(lost.code).toBe("database-unavailable");
    const [{ id } = {}] = await stack.sql("select id from feeds where user_id = $1", [ada.id]);
    expect(id).toBeDefined();
    const seen = (await get(ada)).json.url;
    expect((await read(new URL(seen).pathname)).status).toBe(200);
    const { url } = await createFeed(ada);
    expect((await get(ada)).json.url).toBe(url);
    expect(await stack.sql("select from feeds where user_id = $1", [ada.id])).toHaveLength(1);
  });

  test("with the same Idempotency-Key returns the current feed, and replaces and sends nothing", async () => {
    const create = (key: string) =>
      ada.client.post("/api/feed", undefined, { token: ada.token, headers: { "idempotency-key": key } });
    const first = await create("one");
    const retry = await create("one");
    expect([retry.status, retry.json]).toEqual([201, first.json]);
    expect([first, retry].map(isReplay)).toEqual([false, true]);
    expect(await kindsOf(ada)).toEqual(["feed-created"]);
    await stack.waitUntilIdle();
    expect(await stack.sql("select from outbox where user_id = $1", [ada.id])).toHaveLength(1);
    const { json: newer } = await create("two");
    expect(newer.url).not.toBe(first.json.url);
    expect((await create("one")).json).toEqual(newer);
    await revoke(ada);
    expect((await create("one")).code).toBe("not-found");
    expect((await get(ada)).code).toBe("not-found");
  });
});

describe("GET /api/feed", () => {
  test("returns 404 without a feed, also if another user has one, and after it was revoked", async () => {
    const grace = await seedUser(stack);
    await createFeed(grace);
    expect((await get(ada)).code).toBe("not-found");
    await createFeed(ada);
    await revoke(ada);
    expect((await get(ada)).code).toBe("not-found");
    expect((await get(grace)).status).toBe(200);
  });
});

describe("DELETE /api/feed", () => {
  // @proof revoked-feed-ends
  test("revokes the feed, records that once, and keeps the feeds of other users", async () => {
    const grace = await seedUser(stack);
    const [mine, other] = [await createFeed(ada), await createFeed(grace)];
    for (let time = 0; time < 2; time += 1) expect((await revoke(ada)).status).toBe(204);
    expect((await read(mine.path)).code).toBe("not-found");
    expect((await read(other.path)).status).toBe(200);
    expect(await kindsOf(ada)).toEqual(["feed-created", "feed-revoked"]);
    expect(await kindsOf(grace)).toEqual(["feed-created"]);
  });
});

describe("GET /api/feed/{file} with a wrong secret", () => {
  // @proof forged-feed-refused
  test("returns the same 404 for each, and queries the database only for secrets that it issued", async () => {
    const { path } = await createFeed(ada);
    const { path: foreign } = await createFeed(await seedUser(stack));
    const token = path.slice("/api/feed/".length, -".ics".length);
    const bytes = Buffer.from(token, "base64url");
    const payload = bytes.subarray(0, 32);
    const otherTag = Buffer.from(foreign.slice("/api/feed/".length, -".ics".length), "base64url").subarray(
      32,
    );
    const flipped = Buffer.from(bytes);
    flipped[40] = (flipped[40] ?? 0) ^ 1;
    const forged = [
      seal(payload, Buffer.alloc(32)),
      seal(payload, otherTag),
      flipped.toString("base64url"),
      "A".repeat(86),
    ];
    await revoke(ada);
    const revoked = await read(path);
    expect(revoked.code).toBe("not-found");
    await stack.neon.reset(stack.databaseName);
    for (const secret of [...forged, token.slice(1), `${token}A`, "x"]) {
      const { status, json } = await read(`/api/feed/${secret}.ics`);
      expect([status, { ...json, requestId: revoked.json.requestId }], secret).toEqual([404, revoked.json]);
    }
    for (const suffix of ["", ".ical", ".ICS", ".ics.ics"])
      expect((await read(`/api/feed/${token}${suffix}`)).code, suffix).toBe("not-found");
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(0);
  });

  // @proof feed-secret-not-logged
  test("or with the right one logs the route without the secret, and the pseudonym of the account", async () => {
    const { path } = await createFeed(ada);
    const { headers } = await read(path);
    const line = await stack.waitForLog((one) => one.request_id === headers.get("x-request-id"));
    expect(line).toMatchObject({ route: "/api/feed/{file}", status: 200, user: expect.any(String) });
    const wrong = path.replace(/.{4}\.ics$/, "AAAA.ics");
    const refused = await read(wrong);
    await stack.waitForLog((one) => one.request_id === refused.headers.get("x-request-id"));
    for (const secret of [path, wrong]) expect(stack.output()).not.toContain(secret.slice(-40, -10));
  });
});
