import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionCookie } from "../../../lib/auth/cookies.js";
import { accessTokenSeconds, session } from "../../../lib/auth/limits.js";
import { authEnv } from "../../stack/seed.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { signIn, signUp, type TestUser } from "../../stack/users.js";
import { clearsCookie, cookieHeader, refreshWith, timeTravel } from "./cookies.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const me = ({ client, token }: TestUser) => client.get("/api/auth/me", { token });
const logoutWith = (cookie: string) => stack.client().post("/api/auth/logout", undefined, { cookie });

describe("POST /api/auth/logout", () => {
  // @proof sign-out-ends-session
  test("immediately ends the session, its refresh token and its access token, and clears the cookie", async () => {
    const ada = await signUp(stack);
    const cookie = cookieHeader(ada.client);
    const response = await ada.client.post("/api/auth/logout");
    expect(response.status).toBe(204);
    expect(clearsCookie(response)).toBe(true);

    const refused = await me(ada);
    expect(refused.code).toBe("session-ended");
    expect(refused.headers.get("www-authenticate")).toBe('Bearer realm="latchkey", error="invalid_token"');
    expect((await refreshWith(stack.client(), cookie)).code).toBe("session-ended");
    expect((await ada.client.get("/api/tasks", { token: ada.token })).code).toBe("session-ended");
    const written = await ada.client.post("/api/tasks", { title: "Too late" }, { token: ada.token });
    expect(written.code).toBe("session-ended");
  });

  test("returns 204 again and keeps the time of the first sign-out", async () => {
    const ada = await signUp(stack);
    const cookie = cookieHeader(ada.client);
    const ended = () => stack.sql("select ended_at from sessions where user_id = $1", [ada.id]);
    expect((await logoutWith(cookie)).status).toBe(204);
    const before = await ended();
    const again = await logoutWith(cookie);
    expect(again.status).toBe(204);
    expect(clearsCookie(again)).toBe(true);
    expect(await ended()).toEqual(before);
  });

  test("returns 204 without a database query when the cookie is missing or invalid", async () => {
    const { requests } = await stack.neon.stats(stack.databaseName);
    const name = sessionCookie.name(authEnv(stack));
    for (const cookie of ["", `${name}=garbage`, `${name}=`, "other=1"]) {
      const response = await logoutWith(cookie);
      expect(response.status).toBe(204);
      expect(clearsCookie(response)).toBe(true);
    }
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
  });

  test("needs no access token and ignores an invalid one", async () => {
    for (const token of [undefined, "expired.or.garbage"]) {
      const ada = await signUp(stack);
      const response = await ada.client.post("/api/auth/logout", undefined, token ? { token } : {});
      expect(response.status).toBe(204);
      expect((await me(ada)).code).toBe("session-ended");
    }
  });

  test("accepts a cookie that was rotated since, because any of a session's cookies may end it", async () => {
    const ada = await signUp(stack);
    const older = cookieHeader(ada.client);
    await ada.client.post("/api/auth/refresh");
    await timeTravel(stack, ada, "rotated_at", session.graceSeconds + accessTokenSeconds);
    expect((await logoutWith(older)).status).toBe(204);
    expect((await me(ada)).code).toBe("session-ended");
    expect((await ada.client.post("/api/auth/refresh")).code).toBe("session-ended");
  });

  test("leaves the user's other sessions and other users' sessions alone", async () => {
    const [ada, grace] = await Promise.all([signUp(stack), signUp(stack)]);
    const otherDevice = await signIn({ ...ada, client: stack.client() });
    await ada.client.post("/api/auth/logout");
    for (const person of [otherDevice, grace]) {
      expect((await me(person)).status).toBe(200);
      expect((await person.client.post("/api/auth/refresh")).status).toBe(200);
    }
  });

  test("keeps the cookie when the database fails, so that a retry can end the session", async () => {
    const ada = await signUp(stack);
    // The email of the sign-up would meet the fault first.
    await stack.waitUntilIdle();
    await stack.neon.inject(stack.databaseName, { times: 1, fault: { kind: "refuse" } });
    const failed = await ada.client.post("/api/auth/logout");
    expect(failed.code).toBe("database-unavailable");
    expect(failed.setCookies).toEqual([]);
    expect((await me(ada)).status).toBe(200);
    expect((await ada.client.post("/api/auth/logout")).status).toBe(204);
    expect((await me(ada)).code).toBe("session-ended");
  });
});
