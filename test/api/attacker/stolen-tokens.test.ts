import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../lib/auth/limits.js";
import { routes } from "../../../lib/routes.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, newEmail, signUp, subjects } from "../../stack/users.js";
import { cookieHeader, cookieValue, refreshWith, timeTravel } from "../auth/cookies.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const statusOfMe = async (token: string) => (await stack.client().get("/api/auth/me", { token })).status;

describe("a thief with a refresh token", () => {
  /** Ada and a thief with a copy of her cookie. */
  async function theft() {
    const owner = await signUp(stack);
    const thief = stack.client();
    for (const [name, value] of owner.client.cookies) thief.cookies.set(name, value);
    return { owner, thief };
  }

  /** Both hold dead tokens, and the owner knows. */
  async function expectDetected({ owner, thief }: Awaited<ReturnType<typeof theft>>): Promise<void> {
    for (const client of [owner.client, thief])
      expect((await client.post("/api/auth/refresh")).code).toBe("session-ended");
    expect(await statusOfMe(owner.token)).toBe(401);
    await stack.mailbox.waitForMail(owner.email, { subject: subjects.reuse });
  }

  // @proof stolen-refresh-token-detected
  test.each(["thief", "owner"])(
    "is detected at the next refresh of either one when the %s goes first and both continue",
    async (first) => {
      const { owner, thief } = await theft();
      const [one, two] = first === "thief" ? [thief, owner.client] : [owner.client, thief];
      expect((await one.post("/api/auth/refresh")).status).toBe(200);
      await timeTravel(stack, owner, "rotated_at", session.graceSeconds + 1);
      // The successor is unused, so a lost response looks the same: the second one gets another successor.
      expect((await two.post("/api/auth/refresh")).status).toBe(200);
      expect((await one.post("/api/auth/refresh")).code).toBe("session-ended");
      await expectDetected({ owner, thief });
    },
  );

  test.each(["thief", "owner"])(
    "is detected at the first refresh of the other one when the %s has refreshed twice",
    async (first) => {
      const { owner, thief } = await theft();
      const [one, two] = first === "thief" ? [thief, owner.client] : [owner.client, thief];
      for (let times = 0; times < 2; times += 1)
        expect((await one.post("/api/auth/refresh")).status).toBe(200);
      expect((await two.post("/api/auth/refresh")).code).toBe("session-ended");
      await expectDetected({ owner, thief });
    },
  );

  // @proof lockstep-thief-stays
  test("stays unnoticed while it refreshes within the grace window of each refresh of the owner", async () => {
    const { owner, thief } = await theft();
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await owner.client.post("/api/auth/refresh")).status).toBe(200);
      expect((await thief.post("/api/auth/refresh")).status).toBe(200);
      expect(cookieHeader(thief)).toBe(cookieHeader(owner.client));
    }
  });

  // @proof theft-ends-at-absolute-expiry
  test("keeps access while the owner stays away, but not beyond the absolute expiry of the session", async () => {
    const ada = await signUp(stack);
    const thief = stack.client();
    await refreshWith(thief, cookieHeader(ada.client));
    for (let day = 1; day * 24 * 3600 < session.absoluteSeconds; day += 6) {
      for (const column of ["idle_expires_at", "expires_at", "rotated_at"] as const)
        await timeTravel(stack, ada, column, 6 * 24 * 3600);
      const { status } = await thief.post("/api/auth/refresh");
      expect(status, `day ${day + 5}`).toBe(day + 5 < session.absoluteSeconds / (24 * 3600) ? 200 : 401);
    }
  });

  test("cannot use it in place of an access token", async () => {
    const ada = await signUp(stack);
    const token = cookieValue(ada.client);
    expect((await stack.client().get("/api/tasks", { token })).code).toBe("unauthenticated");
    expect((await stack.client().get("/api/tasks", { cookie: cookieHeader(ada.client) })).code).toBe(
      "unauthenticated",
    );
  });
});

describe("a thief with an access token", () => {
  // @proof stolen-access-token-acts-as-user
  test("acts as the user until the session ends or the token expires", async () => {
    const ada = await signUp(stack);
    const { token } = ada;
    const created = await stack.client().post("/api/tasks", { title: "By a thief" }, { token });
    expect(created.status).toBe(201);
    expect((await stack.client().patch("/api/auth/me", { name: "Mallory" }, { token })).status).toBe(200);
    await ada.client.post("/api/auth/logout");
    expect(await statusOfMe(token)).toBe(401);
  });

  // @proof access-token-yields-no-token
  test("gets no other token from any operation", async () => {
    const { token } = await signUp(stack);
    for (const op of routes.filter(({ id }) => id !== "closeAccount")) {
      const path = op.path.replace(/\{\w+\}/, "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21");
      const response = await stack.client().send(op.method.toUpperCase(), path, {
        token,
        ...(op.body ? { json: {} } : {}),
      });
      // Sign-out clears the cookie even for a caller without one.
      for (const line of response.setCookies) expect(line, op.id).toMatch(/^latchkey=;/);
      expect(response.json?.accessToken, op.id).toBeUndefined();
    }
    expect(await statusOfMe(token), "the session is still alive").toBe(200);
  });

  // @proof access-token-cannot-lock-owner-out
  test("cannot change the address, password or role, and so cannot lock the owner out", async () => {
    const { id, token, client, email, password } = await signUp(stack);
    const row = () =>
      stack.sql("select email, email_key, password_hash, role from users where id = $1", [id]);
    const before = await row();
    for (const change of [{ email: newEmail() }, { password: goodPassword() }, { role: "admin" }]) {
      const response = await stack.client().patch("/api/auth/me", change, { token });
      expect(response.code).toBe("invalid-request");
    }
    const selfPromotion = await stack.client().patch(`/api/admin/users/${id}`, { role: "admin" }, { token });
    expect(selfPromotion.code).toBe("forbidden");
    expect(await row()).toEqual(before);
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
  });
});
