import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repeatedChangeSeconds } from "../../../lib/auth/limits.js";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, signIn, signUp } from "../../stack/users.js";
import { cookieHeader, cookieValue, refreshWith } from "./cookies.js";
import { accountRows, changePassword } from "./password-changes.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const loseResponse = (match?: string) =>
  stack.neon.inject(stack.databaseName, {
    fault: { kind: "lost" },
    times: 1,
    ...(match ? { match } : {}),
  });
const refused = { status: 422, code: "wrong-password" };

describe("POST /api/auth/change-password, repeated", () => {
  // @proof change-repeats-safely
  test("returns the same cookie again for the same passwords, and changes nothing", async () => {
    const ada = await seedUser(stack);
    const password = goodPassword();
    await changePassword(ada, password);
    const cookie = cookieValue(ada.client);
    const before = await accountRows(stack, ada);
    for (let repeat = 0; repeat < 3; repeat += 1) {
      const response = await changePassword(ada, password);
      expect(response.status).toBe(200);
      expect(decodeJwt(response.json.accessToken)["sid"]).toBe(ada.sessionId);
      expect(cookieValue(ada.client)).toBe(cookie);
    }
    expect(await accountRows(stack, ada)).toEqual(before);
    expect(before.notices).toHaveLength(1);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("returns 200 after a response that was lost, with one change and one notice", async () => {
    const ada = await seedUser(stack);
    const [password, oldCookie] = [goodPassword(), cookieHeader(ada.client)];
    await loseResponse("changed_user as");
    expect((await changePassword(ada, password)).code).toBe("database-unavailable");
    expect(cookieHeader(ada.client)).toBe(oldCookie);
    const before = await accountRows(stack, ada);
    expect(before.users).toMatchObject([{ session_epoch: 1 }]);
    expect((await changePassword(ada, password)).status).toBe(200);
    expect(await accountRows(stack, ada)).toEqual(before);
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });

  // @proof lost-change-reports-no-theft
  test("reports no theft when the browser presents its old cookie after a lost response", async () => {
    const ada = await seedUser(stack);
    const [password, oldCookie] = [goodPassword(), cookieHeader(ada.client)];
    await changePassword(ada, password);
    const before = await accountRows(stack, ada);
    expect((await refreshWith(ada.client, oldCookie)).code).toBe("session-ended");
    expect(await accountRows(stack, ada)).toEqual(before);
    expect((await changePassword(ada, password)).status).toBe(200);
  });

  // @proof repeat-needs-new-password
  test("refuses a thief with the access token who does not know the new password", async () => {
    const ada = await seedUser(stack);
    await changePassword(ada);
    const before = await accountRows(stack, ada);
    const thief = { ...ada, client: stack.client() };
    for (const password of [ada.password, goodPassword()]) {
      const response = await changePassword({ ...thief, password });
      expect(response).toMatchObject(refused);
      expect(response.setCookies).toEqual([]);
    }
    expect(await accountRows(stack, ada)).toEqual(before);
  });

  // @proof repeat-only-by-own-session
  test("is refused in a session that has not made the change, and when the time for it is over", async () => {
    const ada = await seedUser(stack);
    const password = goodPassword();
    await changePassword(ada, password);
    const phone = await signIn({ ...ada, password, client: stack.client() });
    expect(await changePassword({ ...phone, password: ada.password }, password)).toMatchObject(refused);
    await stack.sql(
      "update security_events set created_at = created_at - make_interval(secs => $1) where user_id = $2",
      [repeatedChangeSeconds, ada.id],
    );
    expect(await changePassword(ada, password)).toMatchObject(refused);
  });

  test("changes the password again with another one", async () => {
    const ada = await signUp(stack);
    const [second, third] = [goodPassword(), goodPassword()];
    await changePassword(ada, second);
    const before = await accountRows(stack, ada);
    expect((await changePassword({ ...ada, password: second }, third)).status).toBe(200);
    const after = await accountRows(stack, ada);
    expect(after.notices).toHaveLength(before.notices.length + 1);
    expect((await changePassword({ ...ada, password: third }, ada.password)).status).toBe(200);
    expect((await signIn({ ...ada, client: stack.client() })).id).toBe(ada.id);
  });
});
