import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { routes } from "../../web/app/routes.js";
import { type Stack, startStack } from "../stack/stack.js";
import { pageAssets, readAsset } from "./page-assets.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

const paths = routes.map(({ path }) => path.replace(":id", "some-id"));

test.each([...paths, "/tasks/"])(
  "GET %s returns the page, under a policy without unsafe-inline",
  async (path) => {
    const response = await fetch(stack.origin + path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'; style-src 'self';");
    expect(policy).not.toContain("unsafe");
    expect(await response.text()).toContain('<div id="app">');
  },
);

// @proof unknown-page-not-found
test.each(["/task", "/users/some-id/more", "/tasks/some-id", "/registered", "/.env"])(
  "GET %s returns 404 with a page",
  async (path) => {
    const response = await fetch(stack.origin + path);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("Page not found");
  },
);

test("GET of an unknown path below /api returns a problem instead of a page", async () => {
  const response = await fetch(`${stack.origin}/api/tasks/a/b`);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
});

// @proof page-without-inline-code
test("the pages have no inline code", async () => {
  for (const page of ["index.html", "404.html"]) {
    const html = await readFile(join(inject("shared").output, "static", page), "utf8");
    expect(html).not.toMatch(/ (style|on\w+)=|<style|<script(?![^>]* src=)/);
  }
});

test("the page starts with one script and one style sheet, at most 36 KB gzipped", async () => {
  const { first } = await pageAssets();
  expect(first).toEqual([expect.stringMatching(/\.css$/), expect.stringMatching(/\.js$/)]);
  const bytes = await gzippedBytes(first);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(36 * 1024);
});

test("opening the account or an admin view adds at most 8 KB, which caches keep", async () => {
  const { onDemand } = await pageAssets();
  expect(Object.keys(onDemand).sort()).toEqual(["account", "admin-views"]);
  for (const [name, assets] of Object.entries(onDemand)) {
    const bytes = await gzippedBytes(assets);
    expect(bytes, name).toBeGreaterThan(1_000);
    expect(bytes, name).toBeLessThanOrEqual(8 * 1024);
    for (const asset of assets) {
      const { status, headers } = await fetch(stack.origin + asset);
      expect([status, headers.get("cache-control")], asset).toEqual([
        200,
        "public, max-age=31536000, immutable",
      ]);
    }
  }
});

// An email gateway may encode the `#` of a link, once or twice. The page then finds the token in its path.
test.each(["/verify-email%23token=any", "/reset-password%2523token%253Dany", "/reset-password/%23"])(
  "GET %s returns the page, without a referrer for the requests that follow",
  async (path) => {
    const response = await fetch(stack.origin + path);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<div id="app">');
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
  },
);

test.each(["/tasks%23token=any", "/reset-password%24token=any", "/reset-passwords%23token=any"])(
  "GET %s returns 404, because no email links there",
  async (path) => {
    expect((await fetch(stack.origin + path)).status).toBe(404);
  },
);

// W3C, A Well-Known URL for Changing Passwords.
// @proof well-known-change-password
test("GET /.well-known/change-password redirects password managers to the page that changes the password", async () => {
  const response = await fetch(`${stack.origin}/.well-known/change-password`, { redirect: "manual" });
  expect(response.status).toBe(302);
  expect(response.headers.get("location")).toBe("/account");
  const unknown = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
  expect((await fetch(stack.origin + unknown)).status).toBe(404);
});

async function gzippedBytes(assets: string[]): Promise<number> {
  const sizes = await Promise.all(assets.map(async (asset) => gzipSync(await readAsset(asset)).length));
  return sizes.reduce((sum, size) => sum + size, 0);
}
