import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, signUp } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { cookieHeader } from "./cookies.js";

const own = "https://app.example.com";
const ally = "https://admin.example.net";

let stack: Stack;
let ada: Person;
beforeAll(async () => {
  stack = await startStack({ env: { APP_URL: own, CORS_ORIGINS: ally } });
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

const foreign: [string, Record<string, string>][] = [
  ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
  ["another site, from a browser without Sec-Fetch-Site", { origin: "https://evil.example" }],
  ["a sandboxed frame", { origin: "null", "sec-fetch-site": "cross-site" }],
  ["a page without an origin", { origin: "null" }],
  ["a sibling domain", { origin: "https://blog.example.com", "sec-fetch-site": "same-site" }],
  ["a subdomain", { origin: "https://x.app.example.com", "sec-fetch-site": "same-site" }],
  ["a domain that begins alike", { origin: `${own}.evil.example` }],
  ["a domain that ends alike", { origin: "https://notapp.example.com" }],
  ["our host over http", { origin: own.replace("https:", "http:") }],
  ["another port of our host", { origin: `${own}:8443` }],
  ["our origin and more", { origin: `${own}/x` }],
  ["two origins", { origin: `${own}, https://evil.example` }],
  ["an empty origin", { origin: "", "sec-fetch-site": "cross-site" }],
  ["another site that names no origin", { "sec-fetch-site": "cross-site" }],
  ["a sibling that names no origin", { "sec-fetch-site": "same-site" }],
  ["a value of Sec-Fetch-Site that nobody knows", { "sec-fetch-site": "anything" }],
];

const friendly: [string, Record<string, string>][] = [
  ["our own page", { origin: own, "sec-fetch-site": "same-origin" }],
  ["our own page, from a browser without Sec-Fetch-Site", { origin: own }],
  [
    "our own page on another host than APP_URL",
    { origin: "https://preview.example", "sec-fetch-site": "same-origin" },
  ],
  ["a front end of CORS_ORIGINS", { origin: ally, "sec-fetch-site": "cross-site" }],
  ["a person who types the address", { "sec-fetch-site": "none" }],
  ["a caller that is no browser", {}],
];

const body = () => ({ email: ada.email, password: ada.password });
const calls = {
  login: (headers: Record<string, string>, cookie: string) =>
    stack.client().post("/api/auth/login", body(), { headers, cookie }),
  refresh: (headers: Record<string, string>, cookie: string) =>
    stack.client().post("/api/auth/refresh", undefined, { headers, cookie }),
  logout: (headers: Record<string, string>, cookie: string) =>
    stack.client().post("/api/auth/logout", undefined, { headers, cookie }),
};

describe.each(["login", "refresh", "logout"] as const)("POST /api/auth/%s", (name) => {
  test.each(foreign)("is refused from %s, and does nothing", async (_what, headers) => {
    const { requests } = await stack.neon.stats(stack.databaseName);
    const answer = await calls[name](headers, cookieHeader(ada.client));
    expect(answer.status).toBe(403);
    expect(answer.code).toBe("cross-site-request");
    expect(answer.setCookies).toEqual([]);
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
  });

  test.each(friendly)("is answered to %s", async (_what, headers) => {
    const { email, password } = ada;
    const client = stack.client();
    await client.post("/api/auth/login", { email, password });
    const answer = await calls[name](headers, cookieHeader(client));
    expect(answer.status).toBe(name === "logout" ? 204 : 200);
    expect(answer.setCookies).toHaveLength(1);
  });
});

test("POST /api/auth/login from a form of another site is refused before its body is read as one", async () => {
  const form = `email=${encodeURIComponent(ada.email)}&password=x`;
  for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]) {
    const headers = { origin: "https://evil.example", "content-type": type };
    const answer = await stack.client().send("POST", "/api/auth/login", { body: form, headers });
    expect([403, 415]).toContain(answer.status);
    expect(answer.setCookies).toEqual([]);
  }
});

test("GET /api/auth/me does not take the cookie for a token", async () => {
  const answer = await ada.client.get("/api/auth/me");
  expect(answer.code).toBe("unauthenticated");
});
