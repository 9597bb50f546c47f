import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedClosing, seedNotice, seedResetLink, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, type TestUser } from "../../stack/users.js";
import { changePassword } from "../auth/password-changes.js";
import { createFeed } from "./new-feed.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const read = (path: string, from = stack) => from.client().get(path);
const ban = ({ id }: TestUser, banned: boolean) =>
  admin.client.patch(`/api/admin/users/${id}`, { banned }, { token: admin.token });
const post = async (path: string, json: object) => {
  const { status, text } = await stack.client().post(path, json);
  if (status >= 300) throw new Error(text);
};

/** The events that end all sessions of an account, or all but the current one. */
const endings: Record<string, (person: TestUser) => Promise<unknown>> = {
  "a changed password": (person) => changePassword(person),
  "a reset password": async ({ id }) =>
    post("/api/auth/reset-password", { token: await seedResetLink(stack, id), password: goodPassword() }),
  "a ban": (person) => ban(person, true),
  "a ban that was lifted": async (person) => {
    await ban(person, true);
    await ban(person, false);
  },
  "a closing": ({ client, token }) => client.delete("/api/auth/me", { token }),
  "the account was closed and restored": async ({ id }) =>
    post("/api/auth/restore", { token: await seedClosing(stack, id) }),
  "a sign-out by an admin": ({ id }) =>
    admin.client.delete(`/api/admin/users/${id}/sessions`, { token: admin.token }),
  "“This wasn't me”": async (person) => post("/api/auth/not-me", { token: await seedNotice(stack, person) }),
  "the deletion of the account": ({ id }) =>
    admin.client.delete(`/api/admin/users/${id}`, { token: admin.token }),
};

// @proof feed-ends-with-sessions
test.each(Object.entries(endings))("GET /api/feed/{file} returns 404 after %s", async (_, end) => {
  const ada = await seedUser(stack);
  const { path } = await createFeed(ada);
  expect((await read(path)).status).toBe(200);
  await end(ada);
  expect((await read(path)).code).toBe("not-found");
});

test("GET /api/feed returns 404 after a new password, and POST /api/feed creates a working feed", async () => {
  const ada = await seedUser(stack);
  await createFeed(ada);
  const { json } = await changePassword(ada);
  const renewed = { ...ada, token: String(json.accessToken) };
  expect((await renewed.client.get("/api/feed", { token: renewed.token })).code).toBe("not-found");
  const { path } = await createFeed(renewed);
  expect((await read(path)).status).toBe(200);
});

test("POST /api/feed with an earlier Idempotency-Key returns 404 after a new password", async () => {
  const ada = await seedUser(stack);
  const headers = { "idempotency-key": "one" };
  expect((await ada.client.post("/api/feed", undefined, { token: ada.token, headers })).status).toBe(201);
  const { json } = await changePassword(ada);
  const retry = await ada.client.post("/api/feed", undefined, { token: String(json.accessToken), headers });
  expect(retry.code).toBe("not-found");
});

test("GET /api/feed/{file} still works after the session that created it signs out", async () => {
  const ada = await seedUser(stack);
  const { path } = await createFeed(ada);
  await ada.client.post("/api/auth/logout");
  expect((await read(path)).status).toBe(200);
});

// @proof feed-of-banned-user-ends
test.each(["banned_at", "closed_at"])(
  "GET /api/feed/{file} returns 404 while the account has %s",
  async (column) => {
    const ada = await seedUser(stack);
    const { path } = await createFeed(ada);
    await stack.sql(`update users set ${column} = now() where id = $1`, [ada.id]);
    expect((await read(path)).code).toBe("not-found");
  },
);

// @proof feed-survives-rotation
test("GET /api/feed/{file} works while AUTH_SECRET lists the secret that signed it, and GET /api/feed shows a new URL", async () => {
  const newSecret = randomBytes(32).toString("base64url");
  const both = `${newSecret}, ${stack.env["AUTH_SECRET"]}`;
  const during = await startStack({ sharing: stack, env: { AUTH_SECRET: both } });
  const after = await startStack({ sharing: stack, env: { AUTH_SECRET: newSecret } });
  const ada = await seedUser(stack);
  const old = await createFeed(ada);
  const shown = await during.client().get("/api/feed", { token: ada.token });
  const renewed = new URL(shown.json.url).pathname;
  const statuses = [];
  for (const path of [old.path, renewed]) {
    for (const deployment of [stack, during, after]) statuses.push((await read(path, deployment)).status);
  }
  await Promise.all([during.stop(), after.stop()]);
  expect(statuses).toEqual([200, 200, 404, 404, 200, 200]);
});
