import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionCookie } from "../../../lib/auth/cookies.js";
import { session } from "../../../lib/auth/limits.js";
import type { Client } from "../../stack/client.js";
import { authEnv, seedResetLink, seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, newEmail, register, signIn, signUp } from "../../stack/users.js";
import { runWhileBlocked } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const login = (email: string, password: string) =>
  stack.client().post("/api/auth/login", { email, password });

const sessionsOf = (userId: string) =>
  stack.sql("select id, ended_at from sessions where user_id = $1 order by id", [userId]);

describe("POST /api/auth/login", () => {
  // @proof sign-in-starts-bounded-session
  test("starts a session with the configured lifetimes and records the event", async () => {
    const ada = await seedUser(stack);
    await signIn({ ...ada, client: stack.client() });
    const [row] = await stack.sql(
      `select generation, ended_at, extract(epoch from idle_expires_at - created_at)::int as idle,
              extract(epoch from expires_at - created_at)::int as absolute
         from sessions where user_id = $1 and id <> $2`,
      [ada.id, ada.sessionId],
    );
    expect(row).toEqual({
      generation: 0,
      ended_at: null,
      idle: session.idleSeconds,
      absolute: session.absoluteSeconds,
    });
    expect(await stack.sql("select kind from security_events where user_id = $1", [ada.id])).toEqual([
      { kind: "login" },
    ]);
  });

  // @proof sign-in-reveals-no-account
  test("returns the same response for an unknown address, an unconfirmed one and a wrong password, without a cookie or session", async () => {
    const ada = await signUp(stack);
    const wrong = await login(ada.email, goodPassword());
    const unconfirmed = await register(stack);
    for (const response of [
      await login(newEmail(), goodPassword()),
      await login(unconfirmed.email, unconfirmed.password),
      wrong,
    ]) {
      expect(response.code).toBe("invalid-credentials");
      expect(response.setCookies).toEqual([]);
      expect({ ...response.json, requestId: "" }).toEqual({ ...wrong.json, requestId: "" });
      expect([...response.headers.keys()].sort()).toEqual([...wrong.headers.keys()].sort());
      expect(response.headers.get("server-timing")).toContain('desc="1"');
    }
    expect(await sessionsOf(ada.id)).toHaveLength(1);
  });

  // @proof account-state-needs-password
  test("reveals a ban only after a correct password", async () => {
    const banned = await signUp(stack);
    await stack.sql("update users set banned_at = now() where id = $1", [banned.id]);
    expect((await login(banned.email, banned.password)).code).toBe("account-banned");
    expect((await login(banned.email, goodPassword())).code).toBe("invalid-credentials");
    expect(await sessionsOf(banned.id)).toHaveLength(1);
  });

  // @proof sign-in-ends-previous-session
  test("ends the session of the browser's previous cookie", async () => {
    const ada = await signUp(stack);
    const otherDevice = await signIn({ ...ada, client: stack.client() });
    const again = await signIn(ada);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).code).toBe("session-ended");
    expect((await ada.client.get("/api/auth/me", { token: again.token })).status).toBe(200);
    expect((await otherDevice.client.get("/api/auth/me", { token: otherDevice.token })).status).toBe(200);
  });

  test("ends the browser's session when another user signs in there, but not after a failed attempt", async () => {
    const [ada, grace] = await Promise.all([signUp(stack), signUp(stack)]);
    const wrong = { email: grace.email, password: goodPassword() };
    expect((await ada.client.post("/api/auth/login", wrong)).status).toBe(401);
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).status).toBe(200);

    await signIn({ ...grace, client: ada.client });
    expect((await ada.client.get("/api/auth/me", { token: ada.token })).code).toBe("session-ended");
    expect((await grace.client.get("/api/auth/me", { token: grace.token })).status).toBe(200);
  });

  test("ignores a cookie that does not hold a token", async () => {
    const ada = await signUp(stack);
    const { email, password } = ada;
    const name = sessionCookie.name(authEnv(stack));
    for (const cookie of [`${name}=garbage`, `${name}=`, `${name}=${"A".repeat(72)}`]) {
      const response = await stack.client().post("/api/auth/login", { email, password }, { cookie });
      expect(response.status).toBe(200);
    }
    expect((await sessionsOf(ada.id)).filter((row) => row["ended_at"] !== null)).toEqual([]);
  });
});

describe.skipIf(!hasPostgres())("POST /api/auth/login while the account changes", () => {
  /** Signs in, and runs `interruption` between the two round trips. */
  const loginInterruptedBy = (
    { email, password, client }: { email: string; password: string; client: Client },
    interruption: () => Promise<unknown>,
  ) =>
    runWhileBlocked(
      stack,
      "lock table sessions in share mode",
      () => client.post("/api/auth/login", { email, password }),
      interruption,
    );

  // @proof sign-in-loses-to-reset
  test("fails when the password is reset in between, and leaves the browser's session alone", async () => {
    const ada = await signUp(stack);
    const token = await seedResetLink(stack, ada.id);
    const visitor = await signUp(stack);
    const response = await loginInterruptedBy({ ...ada, client: visitor.client }, () =>
      stack.client().post("/api/auth/reset-password", { token, password: goodPassword() }),
    );
    expect(response.code).toBe("invalid-credentials");
    expect(response.setCookies).toEqual([]);
    expect(await sessionsOf(ada.id)).toHaveLength(1);
    expect((await visitor.client.get("/api/auth/me", { token: visitor.token })).status).toBe(200);
  });

  test("fails when the account is banned in between", async () => {
    const ada = await signUp(stack);
    const response = await loginInterruptedBy({ ...ada, client: stack.client() }, () =>
      stack.sql("update users set banned_at = now(), session_epoch = session_epoch + 1 where id = $1", [
        ada.id,
      ]),
    );
    expect(response.code).toBe("invalid-credentials");
    expect(await sessionsOf(ada.id)).toHaveLength(1);
  });
});
