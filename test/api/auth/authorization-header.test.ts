import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../stack/stack.js";
import { signUp, type TestUser } from "../../stack/users.js";

let stack: Stack;
let ada: TestUser;
beforeAll(async () => {
  stack = await startStack();
  ada = await signUp(stack);
});
afterAll(() => stack.stop());

describe("GET /api/auth/me", () => {
  const me = (headers: Record<string, string>) => stack.client().get("/api/auth/me", { headers });

  test("accepts the Bearer scheme in any case (RFC 9110 section 11.1)", async () => {
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      expect((await me({ authorization: `${scheme} ${ada.token}` })).status).toBe(200);
    }
  });

  test("challenges a request without Authorization and gives no error code (RFC 6750 section 3.1)", async () => {
    const response = await me({});
    expect(response.code).toBe("unauthenticated");
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="latchkey"');
  });

  test.each([
    ["another scheme", () => `Basic ${Buffer.from("ada:pw").toString("base64")}`],
    ["a bare token", () => ada.token],
    ["a bare scheme", () => "Bearer"],
    ["two tokens", () => `Bearer ${ada.token} ${ada.token}`],
    ["two credentials", () => `Bearer ${ada.token}, Bearer ${ada.token}`],
    ["a quoted token", () => `Bearer "${ada.token}"`],
  ])("rejects an Authorization header with %s", async (_case, authorization) => {
    const response = await me({ authorization: authorization() });
    expect(response.code).toBe("unauthenticated");
    expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  test("rejects a token in the query string", async () => {
    const response = await stack.client().get(`/api/auth/me?access_token=${ada.token}`);
    expect(response.code).toBe("unauthenticated");
  });
});
