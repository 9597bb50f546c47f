import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { routes } from "../../web/app/routes.js";
import { type Stack, startStack } from "../stack/stack.js";

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
test("the page has at most 40 KB of scripts and styles, gzipped, and no inline code", async () => {
  const folder = join(inject("shared").output, "static");
  for (const page of ["index.html", "404.html"]) {
    const html = await readFile(join(folder, page), "utf8");
    expect(html).not.toMatch(/ (style|on\w+)=|<style|<script(?![^>]* src=)/);
  }
  const index = await readFile(join(folder, "index.html"), "utf8");
  const assets = [...index.matchAll(/="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
  expect(assets).toHaveLength(2);
  const sizes = await Promise.all(
    assets.map(async (asset) => gzipSync(await readFile(join(folder, asset))).length),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(40 * 1024);
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
