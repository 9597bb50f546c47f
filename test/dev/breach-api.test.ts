import { createHash } from "node:crypto";
import { request } from "node:http";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { type BreachApi, startBreachApi } from "../../dev/breach-api.js";

const password = "a leaked password";
const hash = createHash("sha1").update(password).digest("hex").toUpperCase();
const [prefix, suffix] = [hash.slice(0, 5), hash.slice(5)];

let api: BreachApi;
beforeAll(async () => {
  api = await startBreachApi([password]);
  return api.stop;
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(api.origin + path, { headers });

test("GET /range/{prefix} returns SUFFIX:COUNT lines that end in CRLF, and the same ones in any case", async () => {
  const text = await (await get(`/range/${prefix}`)).text();
  const lines = text.split("\r\n");
  expect(lines).toContain(`${suffix}:1`);
  for (const line of lines) expect(line).toMatch(/^[0-9A-F]{35}:[1-9]\d*$/);
  expect(await (await get(`/range/${prefix.toLowerCase()}`)).text()).toBe(text);
});

test("GET /range/{prefix} adds hashes with the count 0 up to a random number of lines, if asked to pad", async () => {
  const sizes = new Set<number>();
  for (let i = 0; i < 5; i += 1) {
    const lines = (await (await get(`/range/${prefix}`, { "add-padding": "true" })).text()).split("\r\n");
    expect(lines).toContain(`${suffix}:1`);
    expect(lines.filter((line) => /^[0-9A-F]{35}:0$/.test(line)).length).toBeGreaterThan(700);
    sizes.add(lines.length);
  }
  expect(sizes.size).toBeGreaterThan(1);
});

test("GET /range/{prefix} knows a password of count 0 as padding only", async () => {
  api.reveal("padding", 0);
  const padding = createHash("sha1").update("padding").digest("hex").toUpperCase();
  expect(await (await get(`/range/${padding.slice(0, 5)}`)).text()).toContain(`${padding.slice(5)}:0`);
});

test.each([
  ["/range/ABCD", 400],
  ["/range/ABCDEF", 400],
  ["/range/GHIJK", 400],
  ["/range/", 400],
  ["/", 404],
])("GET %s returns %i", async (path, status) => {
  expect((await get(path)).status).toBe(status);
});

test("refuses host names that are not loopback", async () => {
  const sent = request(`${api.origin}/range/${prefix}`, { headers: { host: "breaches.example.com" } }).end();
  onTestFinished(() => void sent.destroy());
  const status = await new Promise((resolve, reject) => {
    sent.on("response", (response) => resolve(response.statusCode)).on("error", reject);
  });
  expect(status).toBe(403);
});
