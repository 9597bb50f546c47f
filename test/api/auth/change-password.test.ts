import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedResetLink, seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, signIn, signUp, subjects } from "../../stack/users.js";
import { cookieHeader, exactlyOneCookie, hasSessionCookie, refreshWith } from "./cookies.js";
import { accountRows, changePassword } from "./password-changes.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });
const me = (token: string) => stack.client().get("/api/auth/me", { token });

describe("POST /api/auth/change-password", () => {
  // @proof change-replaces-password
  test("sets the new password and returns a token of the same session", async () => {
    const ada = await signUp(stack);
    const password = goodPassword();
    const response = await changePassword(ada, password);
    expect(response.status).toBe(200);
    const [before, after] = [decodeJwt(ada.token), decodeJwt(response.json.accessToken)];
    expect([after.sub, after["sid"], after["role"]]).toEqual([before.sub, before["sid"], before["role"]]);
    expect((await me(response.json.accessToken)).status).toBe(200);
    expect((await login(ada.email, password)).status).toBe(200);
    expect((await login(ada.email, ada.password)).code).toBe("invalid-credentials");
  });

  // @proof change-ends-other-sessions
  test("ends every other session of the user, and no session of other users", async () => {
    const [ada, grace] = [await signUp(stack), await signUp(stack)];
    const devices = await Promise.all([1, 2, 3].map(() => signIn({ ...ada, client: stack.client() })));
    expect((await changePassword(ada)).status).toBe(200);
    for (const { client, token } of devices) {
      expect((await me(token)).code).toBe("session-ended");
      expect((await client.post("/api/auth/refresh")).code).toBe("session-ended");
    }
    for (const { client, token } of [ada, grace]) {
      expect((await me(token)).status).toBe(200);
      expect((await client.post("/api/auth/refresh")).status).toBe(200);
    }
  });

  // @proof change-voids-copied-refresh-token
  test("voids the earlier refresh tokens of its session, without ending it", async () => {
    const ada = await signUp(stack);
    const older = cookieHeader(ada.client);
    await ada.client.post("/api/auth/refresh");
    const newest = cookieHeader(ada.client);
    const response = await changePassword(ada);
    expect(cookieHeader(ada.client)).not.toBe(newest);
    for (const copy of [older, newest]) {
      const refused = await refreshWith(stack.client(), copy);
      expect(refused.code).toBe("session-ended");
      expect(refused.setCookies).toEqual([]);
    }
    expect((await me(response.json.accessToken)).status).toBe(200);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });

  // @proof copied-token-reported-after-change
  test("lets a copied refresh token be reported as reuse once the new one has been used", async () => {
    const ada = await signUp(stack);
    const copy = cookieHeader(ada.client);
    await changePassword(ada);
    await ada.client.post("/api/auth/refresh");
    expect((await refreshWith(stack.client(), copy)).code).toBe("session-ended");
    await stack.mailbox.waitForMail(ada.email, { subject: subjects.reuse });
    expect((await ada.client.post("/api/auth/refresh")).code).toBe("session-ended");
  });

  test("keeps the absolute expiry of its session", async () => {
    const ada = await signUp(stack);
    await stack.sql(
      "update sessions set expires_at = now() + interval '1 hour', idle_expires_at = now() + interval '1 hour' where user_id = $1",
      [ada.id],
    );
    const { attributes } = exactlyOneCookie(await changePassword(ada));
    expect(Number(attributes["Max-Age"])).toBeLessThanOrEqual(3600);
    expect(Number(attributes["Max-Age"])).toBeGreaterThan(3500);
  });

  // @proof change-voids-open-links
  test("uses up the open reset links of the user, and of no other user", async () => {
    const [ada, grace] = [await signUp(stack), await signUp(stack)];
    const [link, other] = [await seedResetLink(stack, ada.id), await seedResetLink(stack, grace.id)];
    await changePassword(ada);
    const reset = (token: string) =>
      stack.client().post("/api/auth/reset-password", { token, password: goodPassword() });
    expect((await reset(link)).code).toBe("invalid-link");
    expect((await reset(other)).status).toBe(204);
  });

  // @proof change-announced
  test("sends one notice, with no link but “This wasn't me”, and records one event with the session", async () => {
    const ada = await seedUser(stack);
    await changePassword(ada);
    const notice = await stack.mailbox.waitForMail(ada.email, { subject: subjects.changed });
    expect(notice.text).toContain("knew the previous one");
    expect(notice.text.match(/\/[\w-]+#token=/g)).toEqual(["/not-me#token="]);
    const { events, notices } = await accountRows(stack, ada);
    expect(notices).toMatchObject([{ kind: "password-changed-signed-in" }]);
    expect(events).toMatchObject([{ kind: "password-changed", session_id: ada.sessionId }]);
  });

  // @proof change-needs-current-password
  test("refuses a wrong current password at its field, and changes nothing", async () => {
    const ada = await seedUser(stack);
    const before = await accountRows(stack, ada);
    const response = await changePassword({ ...ada, password: goodPassword() });
    expect(response).toMatchObject({ status: 422, code: "wrong-password" });
    expect(response.json.errors).toEqual([{ pointer: "/currentPassword", message: "is wrong" }]);
    expect(response.headers.get("www-authenticate")).toBeNull();
    expect(response.setCookies).toEqual([]);
    expect(await accountRows(stack, ada)).toEqual(before);
  });

  test("returns no cookie to a page of another site", async () => {
    const ada = await signUp(stack);
    const response = await changePassword(ada, goodPassword(), {
      headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    });
    expect(response.code).toBe("cross-site-request");
    expect(response.setCookies).toEqual([]);
    expect((await login(ada.email, ada.password)).status).toBe(200);
  });

  test("signs a caller in who has the token and the password, but no cookie", async () => {
    const ada = await signUp(stack);
    const client = stack.client();
    expect((await changePassword({ ...ada, client })).status).toBe(200);
    expect(hasSessionCookie(client)).toBe(true);
    expect((await client.post("/api/auth/refresh")).status).toBe(200);
  });
});
