import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalNeon, startLocalNeon } from "../src/index.js";

let local: LocalNeon;
beforeAll(async () => {
  local = await startLocalNeon({ backend: { kind: "postgres" } });
});
afterAll(() => local.stop());

async function statusWithHost(host: string, method: string, path: string): Promise<[number, string]> {
  const sent = request(new URL(path, local.endpoint), { method, headers: { host } }).end();
  const [response] = await once(sent, "response");
  return [response.statusCode, await text(response)];
}

test.each([
  ["POST", "/sql", 400],
  ["GET", "/control/stats?database=app", 200],
])("%s %s answers Host headers that name this machine only", async (method, path, status) => {
  for (const host of ["localhost", "db.localhost:4000", "127.0.0.1", "[::1]:4000"]) {
    expect((await statusWithHost(host, method, path))[0], host).toBe(status);
  }
  for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"]) {
    expect(await statusWithHost(host, method, path), host).toEqual([
      403,
      expect.stringContaining("accepts loopback host names only"),
    ]);
  }
});
