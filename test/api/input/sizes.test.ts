import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import { rawRequest, sendRaw, statusOf } from "../../../packages/local-vercel/test/raw-request.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import type { TestUser } from "../../stack/users.js";
import { sendChunks } from "./chunked-request.js";

const maxBytes = 64 * 1024;
/** A task as JSON, padded to exactly this size. */
const taskOf = (bytes: number, title = "Water the plants") => {
  const json = JSON.stringify({ title });
  return json + " ".repeat(bytes - Buffer.byteLength(json));
};

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

describe("POST /api/tasks with a body of 64 KiB", () => {
  test.each(["Water the plants", "\u{1f331} \u00e4\u00f6\u00fc"])(
    "succeeds with a Content-Length: %s",
    async (title) => {
      const headers = { "content-type": "application/json" };
      const response = await ada.client.send("POST", "/api/tasks", {
        body: taskOf(maxBytes, title),
        headers,
        token: ada.token,
      });
      expect(response.status).toBe(201);
      expect(response.json.title).toBe(title);
    },
  );

  test("succeeds in chunks", async () => {
    const body = taskOf(maxBytes);
    expect(
      (
        await sendChunks(
          stack,
          ada,
          "/api/tasks",
          body.slice(0, 10),
          body.slice(10, 50_000),
          body.slice(50_000),
        )
      ).status,
    ).toBe(201);
  });
});

describe("a body of 64 KiB and one byte", () => {
  test("POST /api/tasks returns 413, with a Content-Length and in chunks", async () => {
    const headers = { "content-type": "application/json" };
    const response = await ada.client.send("POST", "/api/tasks", {
      body: taskOf(maxBytes + 1),
      headers,
      token: ada.token,
    });
    expect(response).toMatchObject({ status: 413, code: "payload-too-large" });
    const body = taskOf(maxBytes + 1);
    const chunked = await sendChunks(stack, ada, "/api/tasks", body.slice(0, maxBytes), body.slice(maxBytes));
    expect(chunked).toEqual({ status: 413, code: "payload-too-large" });
  });

  const writes = routes.filter((op) => op.method !== "get" && op.maxBodyBytes === undefined);
  test.each(writes)("$id returns 413 without credentials", async (op) => {
    const path = op.path.replace(/\{\w+\}/, ada.id);
    const body = "x".repeat(maxBytes + 1);
    const response = await stack.client().send(op.method.toUpperCase(), path, { body });
    expect(response).toMatchObject({ status: 413, code: "payload-too-large" });
  });

  test("is measured in bytes, not in characters", async () => {
    const json = JSON.stringify({ title: "x", description: "\u20ac".repeat(22_000) });
    expect(json.length).toBeLessThan(maxBytes);
    const response = await ada.client.send("POST", "/api/tasks", {
      body: json,
      headers: { "content-type": "application/json" },
      token: ada.token,
    });
    expect(response.code).toBe("payload-too-large");
  });

  test("creates no task and leaves the connection usable", async () => {
    const eve = await seedUser(stack);
    const headers = { "content-type": "application/json" };
    const sent = { body: taskOf(maxBytes + 1), headers, token: eve.token };
    expect((await eve.client.send("POST", "/api/tasks", sent)).status).toBe(413);
    expect((await eve.client.get("/api/tasks", { token: eve.token })).json.data).toEqual([]);
  });
});

describe("POST /api/tasks with a wrong Content-Length", () => {
  const head = ["POST /api/tasks HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
  const rawTask = async (length: string, body: string) => {
    const lines = [...head, `Authorization: Bearer ${ada.token}`, `Content-Length: ${length}`];
    return sendRaw(stack.origin, Buffer.concat([rawRequest(...lines), Buffer.from(body)]));
  };

  // @proof short-length-truncates-body
  test("that is too short returns 400", async () => {
    const response = await rawTask("10", '{"title": "Water the plants"}');
    expect(statusOf(response)).toBe(400);
  });

  test.each(["-1", "abc", "1e3", "99999999999999999999", "29, 30"])("of %s returns 4xx", async (length) => {
    const status = statusOf(await rawTask(length, '{"title": "Water the plants"}'));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test("and chunked encoding returns 400 and smuggles no second request", async () => {
    const lines = [...head, "Content-Length: 4", "Transfer-Encoding: chunked"];
    const smuggled = "0\r\n\r\nGET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const response = await sendRaw(
      stack.origin,
      Buffer.concat([rawRequest(...lines), Buffer.from(smuggled)]),
    );
    expect(statusOf(response)).toBe(400);
    expect(response.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });
});

test("no request in this file makes a function log an error", () => {
  expect(stack.output()).not.toMatch(/"level":"(error|fatal)"|nhandled|Error:/);
});
