import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../lib/auth/limits.js";
import { routes } from "../../../lib/routes.js";
import { goodPassword, newEmail, signUp, subjects } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { cookieHeader, cookieValue, refreshWith, timeTravel } from "../auth/cookies.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const statusOfMe = async (token: string) => (await stack.client().get("/api/auth/me", { token })).status;

describe("who has stolen a refresh token", () => {
  test("and uses it first is found out when the owner refreshes: both are out, and the owner is told", async () => {
    const ada = await signUp(stack);
    const stolen = cookieHeader(ada.client);
    const thief = stack.client();
    const taken = await refreshWith(thief, stolen);
    expect(taken.status).toBe(200);
    await timeTravel(stack, ada, "rotated_at", session.graceSeconds + 1);

    expect((await refreshWith(ada.client, stolen)).code).toBe("session-ended");
    expect((await thief.post("/api/auth/refresh")).code).toBe("session-ended");
    expect(await statusOfMe(String(taken.json.accessToken))).toBe(401);
    await stack.mailbox.waitForMail(ada.email, { subject: subjects.reuse });
  });

  test("is the user for as long as the owner does not come back, but not beyond the session's absolute end", async () => {
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

  test("has no access token in it", async () => {
    const ada = await signUp(stack);
    const token = cookieValue(ada.client);
    expect((await stack.client().get("/api/tasks", { token })).code).toBe("unauthenticated");
    expect((await stack.client().get("/api/tasks", { cookie: cookieHeader(ada.client) })).code).toBe(
      "unauthenticated",
    );
  });
});

describe("who has stolen an access token", () => {
  test("is the user until the session ends or the token expires", async () => {
    const ada = await signUp(stack);
    const { token } = ada;
    const created = await stack.client().post("/api/tasks", { title: "By a thief" }, { token });
    expect(created.status).toBe(201);
    expect((await stack.client().patch("/api/auth/me", { name: "Mallory" }, { token })).status).toBe(200);
    await ada.client.post("/api/auth/logout");
    expect(await statusOfMe(token)).toBe(401);
  });

  test("gets no other token for it from any operation", async () => {
    const { token } = await signUp(stack);
    for (const op of routes) {
      const path = op.path.replace(/\{\w+\}/, "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21");
      const answer = await stack.client().send(op.method.toUpperCase(), path, {
        token,
        ...(op.body ? { json: {} } : {}),
      });
      // Logging out clears a cookie that this caller does not have.
      for (const line of answer.setCookies) expect(line, op.id).toMatch(/^latchkey=;/);
      expect(answer.json?.accessToken, op.id).toBeUndefined();
    }
    expect(await statusOfMe(token), "and the session lives on").toBe(200);
  });

  test("can change neither address, password nor role, and so cannot lock the owner out", async () => {
    const { id, token, client, email, password } = await signUp(stack);
    const row = () =>
      stack.sql("select email, email_key, password_hash, role from users where id = $1", [id]);
    const before = await row();
    for (const change of [{ email: newEmail() }, { password: goodPassword() }, { role: "admin" }]) {
      const answer = await stack.client().patch("/api/auth/me", change, { token });
      expect(answer.code).toBe("invalid-request");
    }
    const self = await stack.client().patch(`/api/admin/users/${id}`, { role: "admin" }, { token });
    expect(self.code).toBe("forbidden");
    expect(await row()).toEqual(before);
    expect((await client.post("/api/auth/login", { email, password })).status).toBe(200);
  });
});
