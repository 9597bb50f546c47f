import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkSeconds } from "../../../lib/auth/limits.js";
import { issueLinkToken } from "../../../lib/auth/link-token.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { authEnv, seedRegistration, seedResetLink } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, signIn, signUp, subjects, type TestUser } from "../../stack/users.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const reset = (token: string, password = goodPassword()) =>
  stack.client().post("/api/auth/reset-password", { token, password });
const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });

async function personWithLinks(count: number): Promise<TestUser & { tokens: string[] }> {
  const person = await signUp(stack);
  const links = Array.from({ length: count }, () => seedResetLink(stack, person.id));
  return { ...person, tokens: await Promise.all(links) };
}

const noticeRows = (email: string) =>
  stack.sql("select id from outbox where recipient = $1 and kind = 'password-changed'", [email]);

describe("POST /api/auth/reset-password", () => {
  // @proof reset-replaces-password-without-session
  test("sets the new password, starts no session and sends one notice", async () => {
    const { email, password: oldPassword, tokens } = await personWithLinks(1);
    const password = goodPassword();
    const response = await reset(String(tokens[0]), password);
    expect(response.status).toBe(204);
    expect(response.setCookies).toEqual([]);
    expect((await login(email, password)).status).toBe(200);
    expect((await login(email, oldPassword)).code).toBe("invalid-credentials");
    const notice = await stack.mailbox.waitForMail(email, { subject: subjects.changed });
    expect(notice.text.match(/\/[\w-]+#token=/g)).toEqual(["/not-me#token="]);
    expect(await noticeRows(email)).toHaveLength(1);
  });

  // @proof reset-ends-all-sessions
  test("ends every session of the user and leaves other users' sessions alone", async () => {
    const ada = await personWithLinks(1);
    const grace = await signUp(stack);
    const devices = await Promise.all([1, 2, 3].map(() => signIn({ ...ada, client: stack.client() })));
    expect((await reset(String(ada.tokens[0]))).status).toBe(204);
    for (const { client, token } of [ada, ...devices]) {
      expect((await client.get("/api/auth/me", { token })).code).toBe("session-ended");
      const refreshed = await client.post("/api/auth/refresh");
      expect(refreshed.code).toBe("session-ended");
    }
    expect((await grace.client.get("/api/auth/me", { token: grace.token })).status).toBe(200);
    expect((await grace.client.post("/api/auth/refresh")).status).toBe(200);
    // Using an ended session must not be reported as token reuse.
    const events = await stack.sql(
      "select kind from security_events where user_id = $1 and kind <> 'login'",
      [ada.id],
    );
    expect(events).toEqual([{ kind: "password-reset" }]);
  });

  // @proof reset-voids-other-links
  test("voids every other link of the user and leaves other users' links alone", async () => {
    const [owner, other] = [await personWithLinks(2), await personWithLinks(1)];
    const [used = "", unused = ""] = owner.tokens;
    const password = goodPassword();
    expect((await reset(used, password)).status).toBe(204);
    expect((await reset(unused)).code).toBe("invalid-link");
    expect((await login(owner.email, password)).status).toBe(200);
    expect((await reset(String(other.tokens[0]))).status).toBe(204);
  });

  // @proof reset-link-failures-look-alike
  test("returns the same response for a used, expired, altered, mismatched or unknown link", async () => {
    const used = await personWithLinks(1);
    expect((await reset(String(used.tokens[0]))).status).toBe(204);
    const expired = await personWithLinks(1);
    await stack.sql(
      "update links set expires_at = expires_at - make_interval(secs => $1) where user_id = $2",
      [linkSeconds["reset-password"], expired.id],
    );
    const unconfirmed = await seedRegistration(stack);
    const ring = keyRing(authEnv(stack).AUTH_SECRET);
    const open = String(used.tokens[0]);
    const tokens = [
      open,
      String(expired.tokens[0]),
      `${open.startsWith("A") ? "B" : "A"}${open.slice(1)}`,
      open.slice(0, -2),
      `${open}=`,
      unconfirmed.token,
      issueLinkToken(ring, "reset-password", unconfirmed.id),
      issueLinkToken(ring, "reset-password", crypto.randomUUID()),
      "garbage",
    ];
    const bodies = (await Promise.all(tokens.map((token) => reset(token)))).map(({ status, json }) => ({
      status,
      ...json,
      requestId: undefined,
    }));
    expect(bodies[0]).toMatchObject({ status: 400, code: "invalid-link" });
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    expect((await login(expired.email, expired.password)).status).toBe(200);
    expect(await stack.sql("select id from users where email = $1", [unconfirmed.email])).toEqual([]);
  });

  test("does not consume the link when the password equals the address or the name", async () => {
    const name = `Countess ${goodPassword()}`;
    const ada = await signUp(stack, { name });
    const token = await seedResetLink(stack, ada.id);
    for (const password of [ada.email, ada.email.toUpperCase(), name, ` ${name.toLowerCase()}`]) {
      const response = await reset(token, password);
      expect(response.code).toBe("invalid-request");
      expect(response.json.errors).toMatchObject([{ pointer: "/password" }]);
    }
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).status).toBe(200);
    expect(await noticeRows(ada.email)).toEqual([]);
    expect((await reset(token)).status).toBe(204);
  });

  // @proof reset-keeps-ban
  test("does not lift a ban", async () => {
    const ada = await personWithLinks(1);
    await stack.sql("update users set banned_at = now(), session_epoch = session_epoch + 1 where id = $1", [
      ada.id,
    ]);
    const password = goodPassword();
    await reset(String(ada.tokens[0]), password);
    expect((await login(ada.email, password)).code).toBe("account-banned");
  });
});

describe.each(["GET", "HEAD"])("%s /api/auth/reset-password", (method) => {
  test("redirects to the page with the token in the fragment and changes nothing", async () => {
    const { tokens, client } = await personWithLinks(1);
    const [token = ""] = tokens;
    const response = await client.send(method, `/api/auth/reset-password?token=${token}`);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(`${stack.env["APP_URL"]}/reset-password#token=${token}`);
    expect((await reset(token)).status).toBe(204);
  });
});
