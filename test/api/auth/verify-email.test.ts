import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registrationSeconds } from "../../../lib/auth/limits.js";
import { issueLinkToken } from "../../../lib/auth/link-token.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { authEnv, seedRegistration, seedResetLink, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword } from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const verify = (token: string, registration?: string) =>
  stack.client().post("/api/auth/verify-email", { token, registration });

const grow = ({ id }: { id: string }, seconds: number) =>
  stack.sql("update registrations set expires_at = expires_at - make_interval(secs => $1) where id = $2", [
    seconds,
    id,
  ]);
const everyRow = async () => ({
  registrations: await stack.sql("select * from registrations order by id"),
  users: await stack.sql("select * from users order by id"),
  sessions: await stack.sql("select * from sessions order by id"),
});

describe("POST /api/auth/verify-email", () => {
  // @proof verify-link-failures-look-alike
  test("returns the same response for an expired, altered, mismatched, unknown or malformed link", async () => {
    const expired = await seedRegistration(stack);
    await grow(expired, registrationSeconds);
    const open = await seedRegistration(stack);
    const user = await seedUser(stack);
    const ring = keyRing(authEnv(stack).AUTH_SECRET);
    const before = await everyRow();

    const tokens = {
      expired: expired.token,
      altered: `${open.token.startsWith("A") ? "B" : "A"}${open.token.slice(1)}`,
      truncated: open.token.slice(0, -2),
      padded: `${open.token}=`,
      longer: `${open.token}AAAA`,
      otherPurpose: await seedResetLink(stack, user.id),
      otherPurposeOfThisId: issueLinkToken(ring, "reset-password", open.id),
      secret: open.registration,
      unknown: issueLinkToken(ring, "verify-email", randomUUID()),
      idOnly: open.token.slice(0, 22),
      garbage: "not a link",
    };
    // An expired sign-up must not lend its password either.
    for (const registration of [undefined, open.registration, expired.registration]) {
      const responses = await Promise.all(Object.values(tokens).map((token) => verify(token, registration)));
      const bodies = responses.map(({ status, json }) => ({ status, ...json, requestId: undefined }));
      expect(bodies[0]).toMatchObject({ status: 400, code: "invalid-link" });
      for (const body of bodies) expect(body).toEqual(bodies[0]);
    }
    expect(await everyRow()).toEqual(before);
    expect((await verify(open.token, open.registration)).status).toBe(200);
  });

  // @proof forged-link-refused-without-query
  test("rejects a forged link without a database query", async () => {
    const { registration } = await seedRegistration(stack);
    const { requests } = await stack.neon.stats(stack.databaseName);
    expect((await verify("A".repeat(64), registration)).code).toBe("invalid-link");
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
  });

  test("accepts a link until the lifetime of its sign-up ends", async () => {
    const signUp = await seedRegistration(stack);
    await grow(signUp, registrationSeconds - 60);
    expect((await verify(signUp.token, signUp.registration)).status).toBe(200);
  });

  test("does not apply the password of a sign-up that has expired", async () => {
    const expired = await seedRegistration(stack);
    const { token } = await seedRegistration(stack, { email: expired.email });
    await grow(expired, registrationSeconds);
    expect((await verify(token, expired.registration)).code).toBe("password-required");
  });
});

describe.each(["GET", "HEAD"])("%s /api/auth/verify-email", (method) => {
  test("redirects to the page with the token in the fragment and changes nothing", async () => {
    const { token, registration } = await seedRegistration(stack);
    const before = await everyRow();
    for (let visit = 0; visit < 3; visit += 1) {
      const response = await stack.client().send(method, `/api/auth/verify-email?token=${token}`);
      expect(response.status).toBe(303);
      expect(response.headers.get("location")).toBe(`${stack.env["APP_URL"]}/verify-email#token=${token}`);
      expect(response.text).toBe("");
      expect(response.setCookies).toEqual([]);
    }
    expect(await everyRow()).toEqual(before);
    expect((await verify(token, registration)).status).toBe(200);
  });

  // @proof hostile-token-stays-in-fragment
  test("keeps a hostile token value inside the fragment", async () => {
    const hostile = `"><script>\r\nSet-Cookie: a=b\r\n//evil.example/?x=${goodPassword()}`;
    const path = `/api/auth/verify-email?token=${encodeURIComponent(hostile)}`;
    const response = await stack.client().send(method, path, { headers: { host: "evil.example" } });
    expect(response.status).toBe(303);
    const location = String(response.headers.get("location"));
    const [page, fragment = ""] = location.split("#token=");
    expect(page).toBe(`${stack.env["APP_URL"]}/verify-email`);
    expect(fragment).toMatch(/^[\w%.!~*'()-]+$/);
    expect(decodeURIComponent(fragment)).toBe(hostile);
    expect(response.setCookies).toEqual([]);
  });
});

test("GET /api/auth/verify-email requires a token", async () => {
  const response = await stack.client().get("/api/auth/verify-email");
  expect(response.json.errors).toMatchObject([{ parameter: "token" }]);
});
