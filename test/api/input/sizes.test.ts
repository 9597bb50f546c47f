import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../lib/routes.js";
import { rawRequest, sendRaw, statusOf } from "../../dev/vercel/raw-request.js";
import type { Person } from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import { type Stack, startStack } from "../../stack/stack.js";

const most = 64 * 1024;
/** A task in JSON of exactly so many bytes. */
const taskOf = (bytes: number, title = "Water the plants") => {
  const json = JSON.stringify({ title });
  return json + " ".repeat(bytes - Buffer.byteLength(json));
};

let stack: Stack;
let ada: Person;
beforeAll(async () => {
  stack = await startStack();
  ada = await plant(stack, { role: "admin" });
});
afterAll(() => stack.stop());

/** Without a length, in chunks. */
async function sendChunks(...chunks: string[]) {
  const { port } = new URL(stack.origin);
  return new Promise<{ status: number; code: string | undefined }>((resolve, reject) => {
    const headers = { authorization: `Bearer ${ada.token}`, "content-type": "application/json" };
    const sent = request({ host: "127.0.0.1", port, method: "POST", path: "/api/tasks", headers });
    sent.on("error", reject).on("response", async (response) => {
      resolve({ status: response.statusCode ?? 0, code: JSON.parse(await text(response)).code });
    });
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

describe("a body of 64 KiB", () => {
  test.each(["Water the plants", "\u{1f331} \u00e4\u00f6\u00fc"])(
    "is accepted with a length: %s",
    async (title) => {
      const headers = { "content-type": "application/json" };
      const answer = await ada.client.send("POST", "/api/tasks", {
        body: taskOf(most, title),
        headers,
        token: ada.token,
      });
      expect(answer.status).toBe(201);
      expect(answer.json.title).toBe(title);
    },
  );

  test("is accepted in chunks", async () => {
    const body = taskOf(most);
    expect((await sendChunks(body.slice(0, 10), body.slice(10, 50_000), body.slice(50_000))).status).toBe(
      201,
    );
  });
});

describe("a body of one byte more", () => {
  test("is answered 413, in chunks too", async () => {
    const headers = { "content-type": "application/json" };
    const answer = await ada.client.send("POST", "/api/tasks", {
      body: taskOf(most + 1),
      headers,
      token: ada.token,
    });
    expect(answer).toMatchObject({ status: 413, code: "payload-too-large" });
    const body = taskOf(most + 1);
    const chunked = await sendChunks(body.slice(0, most), body.slice(most));
    expect(chunked).toEqual({ status: 413, code: "payload-too-large" });
  });

  test.each(routes.filter((op) => op.method !== "get"))("$id answers 413, to anybody", async (op) => {
    const path = op.path.replace(/\{\w+\}/, ada.id);
    const body = "x".repeat(most + 1);
    const answer = await stack.client().send(op.method.toUpperCase(), path, { body });
    expect(answer).toMatchObject({ status: 413, code: "payload-too-large" });
  });

  test("counts in bytes, not in characters", async () => {
    const json = JSON.stringify({ title: "x", description: "\u20ac".repeat(22_000) });
    expect(json.length).toBeLessThan(most);
    const answer = await ada.client.send("POST", "/api/tasks", {
      body: json,
      headers: { "content-type": "application/json" },
      token: ada.token,
    });
    expect(answer.code).toBe("payload-too-large");
  });

  test("writes nothing, and the next request on the connection works", async () => {
    const eve = await plant(stack);
    const headers = { "content-type": "application/json" };
    const sent = { body: taskOf(most + 1), headers, token: eve.token };
    expect((await eve.client.send("POST", "/api/tasks", sent)).status).toBe(413);
    expect((await eve.client.get("/api/tasks", { token: eve.token })).json.data).toEqual([]);
  });
});

describe("a length that lies", () => {
  const head = ["POST /api/tasks HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
  const rawTask = async (length: string, body: string) => {
    const lines = [...head, `Authorization: Bearer ${ada.token}`, `Content-Length: ${length}`];
    return sendRaw(stack.origin, Buffer.concat([rawRequest(...lines), Buffer.from(body)]));
  };

  test("short: the rest is not taken for a part of the body", async () => {
    const answer = await rawTask("10", '{"title": "Water the plants"}');
    expect(statusOf(answer)).toBe(400);
  });

  test.each(["-1", "abc", "1e3", "99999999999999999999", "29, 30"])("%s is answered 4xx", async (length) => {
    const status = statusOf(await rawTask(length, '{"title": "Water the plants"}'));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test("with chunks at the same time is answered 400: nobody smuggles a request", async () => {
    const lines = [...head, "Content-Length: 4", "Transfer-Encoding: chunked"];
    const smuggled = "0\r\n\r\nGET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const answer = await sendRaw(stack.origin, Buffer.concat([rawRequest(...lines), Buffer.from(smuggled)]));
    expect(statusOf(answer)).toBe(400);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });
});

test("nothing of this has made a function fail", () => {
  expect(stack.output()).not.toMatch(/"level":"(error|fatal)"|nhandled|Error:/);
});
