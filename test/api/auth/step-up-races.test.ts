import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { budgets } from "../../../lib/auth/limits.js";
import { ageProofs } from "../../stack/aged-token.js";
import { seedResetLink, seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack, waitFor } from "../../stack/stack.js";
import { goodPassword, type TestUser } from "../../stack/users.js";
import { raceOnRows, runDuringTransaction, sessionRow, userRow } from "./row-locks.js";

type Person = TestUser & { sessionId: string };

describe.skipIf(!hasPostgres())("concurrent POST /api/auth/step-up", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  const prove = ({ client, token }: Person, password: string) =>
    client.post("/api/auth/step-up", { password }, { token });

  async function longSignedIn(): Promise<Person> {
    const person = await seedUser(stack);
    await ageProofs(stack, person, 3600);
    return person;
  }

  const provenAt = async ({ sessionId }: Person) =>
    (await stack.sql("select authenticated_at from sessions where id = $1", [sessionId]))[0]?.[
      "authenticated_at"
    ];
  const expectNoProof = async (person: Person) => {
    expect(await provenAt(person)).toBeNull();
    expect(await stack.sql("select kind from security_events where user_id = $1", [person.id])).toEqual([]);
  };

  // @proof step-up-void-after-password-change
  test("proves nothing with a password that is replaced after it was verified, even if the session lives on", async () => {
    const ada = await longSignedIn();
    const requests = async () => (await stack.neon.stats(stack.databaseName)).requests;
    const before = await requests();
    // The second round trip waits, and its statement has not begun.
    await stack.neon.inject(stack.databaseName, {
      match: "proven_session",
      times: 1,
      fault: { kind: "slow", ms: 3_000 },
    });
    const proof = prove(ada, ada.password);
    await waitFor(async () => (await requests()) === before + 2 || undefined);
    await stack.sql("update users set session_epoch = session_epoch + 1 where id = $1", [ada.id]);
    await stack.sql("update sessions set epoch = epoch + 1 where user_id = $1", [ada.id]);
    const response = await proof;
    expect(response.code).toBe("session-ended");
    await expectNoProof(ada);
  });

  test.each([
    ["a reset", "update users set session_epoch = session_epoch + 1 where id = $1"],
    ["a sign-out", "update sessions set ended_at = now() where user_id = $1"],
    ["the deletion of the session", "delete from sessions where user_id = $1"],
    ["a ban", "update users set banned_at = now() where id = $1"],
    ["the idle limit", "update sessions set idle_expires_at = now() where user_id = $1"],
    ["the absolute limit", "update sessions set expires_at = now() where user_id = $1"],
  ])("proves nothing in a session that %s ends in between", async (_, statement) => {
    const ada = await longSignedIn();
    const response = await runDuringTransaction(stack, [statement], [ada.id], () => prove(ada, ada.password));
    expect(response.code).toBe("session-ended");
    if (!statement.startsWith("delete")) await expectNoProof(ada);
  });

  test("has one winner against POST /api/auth/reset-password: no token outlives the reset", async () => {
    for (let round = 0; round < 4; round += 1) {
      const ada = await longSignedIn();
      const token = await seedResetLink(stack, ada.id);
      const password = goodPassword();
      const [proof, reset] = await raceOnRows(stack, userRow(ada.email, 2), () =>
        Promise.all([
          prove(ada, ada.password),
          stack.client().post("/api/auth/reset-password", { token, password }),
        ]),
      );
      expect(reset.status).toBe(204);
      expect([200, 401]).toContain(proof.status);
      if (proof.status === 200) {
        const fresh = String(proof.json.accessToken);
        expect((await ada.client.get("/api/auth/me", { token: fresh })).code).toBe("session-ended");
      }
      expect((await ada.client.post("/api/auth/refresh")).code).toBe("session-ended");
    }
  });

  test("loses nothing to POST /api/auth/refresh of the same session", async () => {
    const ada = await longSignedIn();
    const [proof, refresh] = await raceOnRows(stack, sessionRow(ada.id, 2), () =>
      Promise.all([prove(ada, ada.password), ada.client.post("/api/auth/refresh")]),
    );
    expect([proof.status, refresh.status]).toEqual([200, 200]);
    expect(await provenAt(ada)).not.toBeNull();
    expect((await ada.client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("ends with a signed-out session whether POST /api/auth/logout comes first or last", async () => {
    for (let round = 0; round < 4; round += 1) {
      const ada = await longSignedIn();
      const cookie = [...ada.client.cookies].map((pair) => pair.join("=")).join("; ");
      const [proof, logout] = await raceOnRows(stack, sessionRow(ada.id, 2), () =>
        Promise.all([prove(ada, ada.password), ada.client.post("/api/auth/logout")]),
      );
      expect(logout.status).toBe(204);
      expect([200, 401]).toContain(proof.status);
      const refresh = await stack.client().post("/api/auth/refresh", undefined, { cookie });
      expect(refresh.code).toBe("session-ended");
    }
  });

  test("checks no more than the burst of fifty concurrent guesses", async () => {
    const ada = await longSignedIn();
    const { burst } = budgets.guessesBySession;
    const responses = await Promise.all(Array.from({ length: 50 }, () => prove(ada, goodPassword())));
    const codes = responses.map(({ code }) => code);
    expect(codes.filter((code) => code === "wrong-password").length).toBeLessThanOrEqual(burst + 1);
    // They wait for each other, so a slow machine may let some reach their deadline.
    const refused = ["wrong-password", "rate-limited", "database-unavailable"];
    expect(codes.filter((code) => !refused.includes(String(code)))).toEqual([]);
    expect(codes).toContain("rate-limited");
  });

  test("accepts the right password of five concurrent requests", async () => {
    const ada = await longSignedIn();
    const responses = await Promise.all(Array.from({ length: 5 }, () => prove(ada, ada.password)));
    expect(responses.map(({ code, status }) => code ?? status)).toEqual(responses.map(() => 200));
  });
});
