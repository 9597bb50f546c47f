import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkSeconds } from "../../../lib/auth/limits.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, emailedTokens, goodPassword, register, signUp, subjects } from "../../stack/users.js";
import { raceOnRows, userRow } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function unconfirmed() {
  const person = await register(stack);
  return { ...person, token: await emailedToken(stack, person.email, subjects.verify) };
}

const verify = (token: string) => stack.client().post("/api/auth/verify-email", { token });

/** Every row that a link could change. */
const rowsOf = (email: string) =>
  stack.sql(
    "select u.*, l.* from users u join links l on l.user_id = u.id where u.email = $1 order by l.id",
    [email],
  );

describe("POST /api/auth/verify-email", () => {
  // @proof confirming-starts-no-session
  test("confirms the address without starting a session", async () => {
    const { email, password, client, token } = await unconfirmed();
    const response = await client.post("/api/auth/verify-email", { token });
    expect(response.status).toBe(200);
    expect(response.setCookies).toEqual([]);
    expect(client.cookies.size).toBe(0);
    expect((await client.post("/api/auth/login", { email, password })).json.user.emailVerified).toBe(true);
  });

  // @proof verify-link-failures-look-alike
  test("returns the same response for a used, expired, altered, mismatched or malformed link", async () => {
    const used = await unconfirmed();
    expect((await verify(used.token)).status).toBe(200);
    const expired = await unconfirmed();
    await stack.sql(
      "update links set expires_at = expires_at - make_interval(secs => $1) where user_id in (select id from users where email = $2)",
      [linkSeconds["verify-email"], expired.email],
    );
    const open = await unconfirmed();
    const first = open.token.startsWith("A") ? "B" : "A";
    await open.client.post("/api/auth/forgot-password", { email: open.email });
    const reset = await emailedToken(stack, open.email, subjects.reset);
    const before = await rowsOf(open.email);

    const tokens = {
      used: used.token,
      expired: expired.token,
      altered: `${first}${open.token.slice(1)}`,
      truncated: open.token.slice(0, -2),
      padded: `${open.token}=`,
      longer: `${open.token}AAAA`,
      otherPurpose: reset,
      idOnly: open.token.slice(0, 22),
      garbage: "not a link",
    };
    const responses = await Promise.all(Object.values(tokens).map(verify));
    const bodies = responses.map(({ status, json }) => ({ status, ...json, requestId: undefined }));
    expect(bodies[0]).toMatchObject({ status: 400, code: "invalid-link" });
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    expect(await rowsOf(open.email)).toEqual(before);
    expect((await verify(open.token)).status).toBe(200);
  });

  // @proof forged-link-refused-without-query
  test("rejects a forged link without a database query", async () => {
    const { requests } = await stack.neon.stats(stack.databaseName);
    expect((await verify("A".repeat(64))).code).toBe("invalid-link");
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
  });

  test("accepts the link until its lifetime ends", async () => {
    const { email, token } = await unconfirmed();
    await stack.sql(
      "update links set expires_at = expires_at - make_interval(secs => $1) where user_id in (select id from users where email = $2)",
      [linkSeconds["verify-email"] - 60, email],
    );
    expect((await verify(token)).status).toBe(200);
  });

  // @proof verify-link-consumed-once
  test.skipIf(!hasPostgres())("consumes a link only once under concurrent use", async () => {
    const { email, token } = await unconfirmed();
    const responses = await raceOnRows(stack, userRow(email, 12), () =>
      Promise.all(Array.from({ length: 20 }, () => verify(token))),
    );
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(responses.filter(({ code }) => code === "invalid-link")).toHaveLength(19);
  });

  test.skipIf(!hasPostgres())(
    "consumes only one of several links of an account under concurrent use",
    async () => {
      const { email, client, token } = await unconfirmed();
      await client.post("/api/auth/resend-verification", { email });
      const [other = ""] = await emailedTokens(stack, email, subjects.verify, 2);
      expect(other).not.toBe(token);
      const responses = await raceOnRows(stack, userRow(email, 4), () =>
        Promise.all([verify(token), verify(other), verify(token), verify(other)]),
      );
      expect(responses.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
    },
  );
});

describe.each(["GET", "HEAD"])("%s /api/auth/verify-email", (method) => {
  test("redirects to the page with the token in the fragment and changes nothing", async () => {
    const { email, client, token } = await unconfirmed();
    const before = await rowsOf(email);
    for (let visit = 0; visit < 3; visit += 1) {
      const response = await client.send(method, `/api/auth/verify-email?token=${token}`);
      expect(response.status).toBe(303);
      expect(response.headers.get("location")).toBe(`${stack.env["APP_URL"]}/verify-email#token=${token}`);
      expect(response.text).toBe("");
      expect(response.setCookies).toEqual([]);
    }
    expect(await rowsOf(email)).toEqual(before);
    expect((await verify(token)).status).toBe(200);
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
  const person = await signUp(stack);
  const response = await person.client.get("/api/auth/verify-email");
  expect(response.json.errors).toMatchObject([{ parameter: "token" }]);
});
