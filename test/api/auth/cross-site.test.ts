import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SeededRegistration, seedRegistration, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";
import { cookieHeader, exactlyOneCookie } from "./cookies.js";
import { changePassword } from "./password-changes.js";

const ownOrigin = "https://app.example.com";
const allowedOrigin = "https://admin.example.net";

let stack: Stack;
let ada: TestUser;
/** Repeating its confirmation signs in again. */
let confirmed: SeededRegistration;
beforeAll(async () => {
  stack = await startStack({ env: { APP_URL: ownOrigin, CORS_ORIGINS: allowedOrigin } });
  ada = await signUp(stack);
  confirmed = await seedRegistration(stack);
});
afterAll(() => stack.stop());

const untrusted: [string, Record<string, string>][] = [
  ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
  ["another site, from a browser without Sec-Fetch-Site", { origin: "https://evil.example" }],
  ["a sandboxed frame", { origin: "null", "sec-fetch-site": "cross-site" }],
  ["a page with an opaque origin", { origin: "null" }],
  ["a sibling domain", { origin: "https://blog.example.com", "sec-fetch-site": "same-site" }],
  ["a subdomain", { origin: "https://x.app.example.com", "sec-fetch-site": "same-site" }],
  ["a domain that starts like ours", { origin: `${ownOrigin}.evil.example` }],
  ["a domain that ends like ours", { origin: "https://notapp.example.com" }],
  ["our host over plain HTTP", { origin: ownOrigin.replace("https:", "http:") }],
  ["another port of our host", { origin: `${ownOrigin}:8443` }],
  ["our origin followed by a path", { origin: `${ownOrigin}/x` }],
  ["two origins", { origin: `${ownOrigin}, https://evil.example` }],
  ["an empty origin", { origin: "", "sec-fetch-site": "cross-site" }],
  ["another site, without an Origin header", { "sec-fetch-site": "cross-site" }],
  ["a sibling domain, without an Origin header", { "sec-fetch-site": "same-site" }],
  ["an unknown value of Sec-Fetch-Site", { "sec-fetch-site": "anything" }],
];

const trusted: [string, Record<string, string>][] = [
  ["our own page", { origin: ownOrigin, "sec-fetch-site": "same-origin" }],
  ["our own page, from a browser without Sec-Fetch-Site", { origin: ownOrigin }],
  [
    "our own page on a host other than APP_URL",
    { origin: "https://preview.example", "sec-fetch-site": "same-origin" },
  ],
  ["a front end listed in CORS_ORIGINS", { origin: allowedOrigin, "sec-fetch-site": "cross-site" }],
  ["a typed URL", { "sec-fetch-site": "none" }],
  ["a client that is not a browser", {}],
];

const body = () => ({ email: ada.email, password: ada.password });
const calls = {
  "verify-email": (headers: Record<string, string>, cookie: string) => {
    const { token, registration } = confirmed;
    return stack.client().post("/api/auth/verify-email", { token, registration }, { headers, cookie });
  },
  login: (headers: Record<string, string>, cookie: string) =>
    stack.client().post("/api/auth/login", body(), { headers, cookie }),
  refresh: (headers: Record<string, string>, cookie: string) =>
    stack.client().post("/api/auth/refresh", undefined, { headers, cookie }),
  "change-password": async (headers: Record<string, string>, cookie: string) =>
    changePassword(await seedUser(stack), undefined, { headers, cookie }),
  logout: (headers: Record<string, string>, cookie: string) =>
    stack.client().post("/api/auth/logout", undefined, { headers, cookie }),
};

describe.each(["verify-email", "login", "refresh", "change-password", "logout"] as const)(
  "POST /api/auth/%s",
  (name) => {
    // @proof cross-site-request-refused
    test.each(untrusted)("rejects a request from %s and does nothing", async (_source, headers) => {
      // An email of an earlier test may still be on its way.
      await stack.waitUntilIdle();
      const { requests } = await stack.neon.stats(stack.databaseName);
      const response = await calls[name](headers, cookieHeader(ada.client));
      expect(response.status).toBe(403);
      expect(response.code).toBe("cross-site-request");
      expect(response.setCookies).toEqual([]);
      expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
    });

    test.each(trusted)("accepts a request from %s", async (_source, headers) => {
      const { email, password } = ada;
      const client = stack.client();
      await client.post("/api/auth/login", { email, password });
      const response = await calls[name](headers, cookieHeader(client));
      expect(response.status).toBe(name === "logout" ? 204 : 200);
      expect(exactlyOneCookie(response)).toBeDefined();
    });
  },
);

// @proof cross-site-form-refused
test("POST /api/auth/login rejects another site's form before parsing its body", async () => {
  const form = `email=${encodeURIComponent(ada.email)}&password=x`;
  for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]) {
    const headers = { origin: "https://evil.example", "content-type": type };
    const response = await stack.client().send("POST", "/api/auth/login", { body: form, headers });
    expect([403, 415]).toContain(response.status);
    expect(response.setCookies).toEqual([]);
  }
});

// @proof cookie-is-not-a-token
test("GET /api/auth/me does not accept the cookie as a token", async () => {
  const response = await ada.client.get("/api/auth/me");
  expect(response.code).toBe("unauthenticated");
});
