import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessTokenSeconds, session } from "../../../lib/auth/limits.js";
import { sessionCookie } from "../../../lib/auth/session-cookie.js";
import { logIn, type Person, signUp } from "../../stack/people.js";
import { type Stack, startStack } from "../../stack/stack.js";
import { cookieEnv, cookieHeader, refreshWith, removesCookie, timeTravel } from "./cookies.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const me = ({ client, token }: Person) => client.get("/api/auth/me", { token });
const logoutWith = (cookie: string) => stack.client().post("/api/auth/logout", undefined, { cookie });

describe("POST /api/auth/logout", () => {
  test("ends the session, its refresh token and its access token at once, and clears the cookie", async () => {
    const ada = await signUp(stack);
    const cookie = cookieHeader(ada.client);
    const answer = await ada.client.post("/api/auth/logout");
    expect(answer.status).toBe(204);
    expect(removesCookie(answer)).toBe(true);
    expect(ada.client.cookies.size).toBe(0);

    const refused = await me(ada);
    expect(refused.code).toBe("session-ended");
    expect(refused.headers.get("www-authenticate")).toBe('Bearer realm="latchkey", error="invalid_token"');
    expect((await refreshWith(stack.client(), cookie)).code).toBe("session-ended");
    expect((await ada.client.get("/api/tasks", { token: ada.token })).code).toBe("session-ended");
    const written = await ada.client.post("/api/tasks", { title: "Too late" }, { token: ada.token });
    expect(written.code).toBe("session-ended");
  });

  test("answers the same a second time, and leaves the time of the first", async () => {
    const ada = await signUp(stack);
    const cookie = cookieHeader(ada.client);
    const ended = () => stack.sql("select ended_at from sessions where user_id = $1", [ada.id]);
    expect((await logoutWith(cookie)).status).toBe(204);
    const before = await ended();
    const again = await logoutWith(cookie);
    expect(again.status).toBe(204);
    expect(removesCookie(again)).toBe(true);
    expect(await ended()).toEqual(before);
  });

  test("without a cookie, and with one that is not ours, does no harm and asks no database", async () => {
    const { requests } = await stack.neon.stats(stack.databaseName);
    const name = sessionCookie.name(cookieEnv(stack));
    for (const cookie of ["", `${name}=garbage`, `${name}=`, "other=1"]) {
      const answer = await logoutWith(cookie);
      expect(answer.status).toBe(204);
      expect(removesCookie(answer)).toBe(true);
    }
    expect((await stack.neon.stats(stack.databaseName)).requests).toBe(requests);
  });

  test("needs no access token, and minds none that has expired", async () => {
    for (const token of [undefined, "expired.or.garbage"]) {
      const ada = await signUp(stack);
      const answer = await ada.client.post("/api/auth/logout", undefined, token ? { token } : {});
      expect(answer.status).toBe(204);
      expect((await me(ada)).code).toBe("session-ended");
    }
  });

  test("works with a cookie that was rotated since: who holds any may end the session", async () => {
    const ada = await signUp(stack);
    const older = cookieHeader(ada.client);
    await ada.client.post("/api/auth/refresh");
    await timeTravel(stack, ada, "rotated_at", session.graceSeconds + accessTokenSeconds);
    expect((await logoutWith(older)).status).toBe(204);
    expect((await me(ada)).code).toBe("session-ended");
    expect((await ada.client.post("/api/auth/refresh")).code).toBe("session-ended");
  });

  test("leaves the other sessions of the user and those of others alone", async () => {
    const [ada, grace] = await Promise.all([signUp(stack), signUp(stack)]);
    const elsewhere = await logIn({ ...ada, client: stack.client() });
    await ada.client.post("/api/auth/logout");
    for (const person of [elsewhere, grace]) {
      expect((await me(person)).status).toBe(200);
      expect((await person.client.post("/api/auth/refresh")).status).toBe(200);
    }
  });

  test("keeps the cookie when the database fails: else nobody could end the session", async () => {
    const ada = await signUp(stack);
    await stack.neon.inject(stack.databaseName, { times: 1, fault: { kind: "refuse" } });
    const failed = await ada.client.post("/api/auth/logout");
    expect(failed.code).toBe("database-unavailable");
    expect(failed.setCookies).toEqual([]);
    expect((await me(ada)).status).toBe(200);
    expect((await ada.client.post("/api/auth/logout")).status).toBe(204);
    expect((await me(ada)).code).toBe("session-ended");
  });
});
