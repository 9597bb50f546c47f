import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkSeconds } from "../../../lib/auth/limits.js";
import { goodPassword, mailedToken, mailedTokens, register, signUp, subjects } from "../../stack/people.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { atOnce, userRow } from "./contention.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function registered() {
  const person = await register(stack);
  return { ...person, token: await mailedToken(stack, person.email, subjects.verify) };
}

const verify = (token: string) => stack.client().post("/api/auth/verify-email", { token });

/** Everything that a link could change. */
const state = (email: string) =>
  stack.sql(
    "select u.*, l.* from users u join links l on l.user_id = u.id where u.email = $1 order by l.id",
    [email],
  );

describe("POST /api/auth/verify-email", () => {
  test("confirms the address and logs nobody in", async () => {
    const { email, password, client, token } = await registered();
    const answer = await client.post("/api/auth/verify-email", { token });
    expect(answer.status).toBe(200);
    expect(answer.setCookies).toEqual([]);
    expect(client.cookies.size).toBe(0);
    expect((await client.post("/api/auth/login", { email, password })).json.user.emailVerified).toBe(true);
  });

  test("refuses a used, an expired, an altered, a foreign and an unknown link alike", async () => {
    const used = await registered();
    expect((await verify(used.token)).status).toBe(200);
    const expired = await registered();
    await stack.sql(
      "update links set expires_at = expires_at - make_interval(secs => $1) where user_id in (select id from users where email = $2)",
      [linkSeconds["verify-email"], expired.email],
    );
    const open = await registered();
    const first = open.token.startsWith("A") ? "B" : "A";
    await open.client.post("/api/auth/forgot-password", { email: open.email });
    const reset = await mailedToken(stack, open.email, subjects.reset);
    const before = await state(open.email);

    const tokens = {
      used: used.token,
      expired: expired.token,
      altered: `${first}${open.token.slice(1)}`,
      truncated: open.token.slice(0, -2),
      padded: `${open.token}=`,
      longer: `${open.token}AAAA`,
      otherPurpose: reset,
      idOnly: open.token.slice(0, 22),
      garbage: "no link",
    };
    const answers = await Promise.all(Object.values(tokens).map(verify));
    const bodies = answers.map(({ status, json }) => ({ status, ...json, requestId: undefined }));
    expect(bodies[0]).toMatchObject({ status: 400, code: "invalid-link" });
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    expect(await state(open.email)).toEqual(before);
    expect((await verify(open.token)).status).toBe(200);
  });

  test("does not look a forged link up in the database", async () => {
    const { requests } = await stack.neon.stats(stack.databaseName);
    expect((await verify("A".repeat(64))).code).toBe("invalid-link");
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
  });

  test("holds until the link's time is over", async () => {
    const { email, token } = await registered();
    await stack.sql(
      "update links set expires_at = expires_at - make_interval(secs => $1) where user_id in (select id from users where email = $2)",
      [linkSeconds["verify-email"] - 60, email],
    );
    expect((await verify(token)).status).toBe(200);
  });

  test.skipIf(!hasPostgres())("consumes a link once, however many use it at once", async () => {
    const { email, token } = await registered();
    const answers = await atOnce(stack, userRow(email, 12), () =>
      Promise.all(Array.from({ length: 20 }, () => verify(token))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === "invalid-link")).toHaveLength(19);
  });

  test.skipIf(!hasPostgres())("consumes one of an account's links that are used at once", async () => {
    const { email, client, token } = await registered();
    await client.post("/api/auth/resend-verification", { email });
    const [other = ""] = await mailedTokens(stack, email, subjects.verify, 2);
    expect(other).not.toBe(token);
    const answers = await atOnce(stack, userRow(email, 4), () =>
      Promise.all([verify(token), verify(other), verify(token), verify(other)]),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
  });
});

describe.each(["GET", "HEAD"])("%s /api/auth/verify-email", (method) => {
  test("leads to the page with the token in the fragment, and changes nothing", async () => {
    const { email, client, token } = await registered();
    const before = await state(email);
    for (let visit = 0; visit < 3; visit += 1) {
      const answer = await client.send(method, `/api/auth/verify-email?token=${token}`);
      expect(answer.status).toBe(303);
      expect(answer.headers.get("location")).toBe(`${stack.env["APP_URL"]}/verify-email#token=${token}`);
      expect(answer.text).toBe("");
      expect(answer.setCookies).toEqual([]);
    }
    expect(await state(email)).toEqual(before);
    expect((await verify(token)).status).toBe(200);
  });

  test("keeps whatever stands for the token inside the fragment", async () => {
    const hostile = `"><script>\r\nSet-Cookie: a=b\r\n//evil.example/?x=${goodPassword()}`;
    const path = `/api/auth/verify-email?token=${encodeURIComponent(hostile)}`;
    const answer = await stack.client().send(method, path, { headers: { host: "evil.example" } });
    expect(answer.status).toBe(303);
    const location = String(answer.headers.get("location"));
    const [page, fragment = ""] = location.split("#token=");
    expect(page).toBe(`${stack.env["APP_URL"]}/verify-email`);
    expect(fragment).toMatch(/^[\w%.!~*'()-]+$/);
    expect(decodeURIComponent(fragment)).toBe(hostile);
    expect(answer.setCookies).toEqual([]);
  });
});

test("GET /api/auth/verify-email needs a token", async () => {
  const person = await signUp(stack);
  const answer = await person.client.get("/api/auth/verify-email");
  expect(answer.json.errors).toMatchObject([{ parameter: "token" }]);
});
