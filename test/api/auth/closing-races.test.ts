import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedSession, seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { goodPassword, signIn, type TestUser } from "../../stack/users.js";
import { runDuringTransaction } from "./row-locks.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const close = ({ client, token }: TestUser) => client.delete("/api/auth/me", { token });

describe.skipIf(!hasPostgres())("concurrent DELETE /api/auth/me", () => {
  // @proof no-write-after-closing
  test("lets no write of fifty commit after its response", async () => {
    const ada = await seedUser(stack);
    const write = () => stack.client().post("/api/tasks", { title: "Task" }, { token: ada.token });
    const writes = [write()];
    await writes[0];
    const closing = close(ada).then(async (response) => {
      const [row] = await stack.sql("select count(*)::int as count from tasks where user_id = $1", [ada.id]);
      return { response, tasks: row?.["count"] };
    });
    for (let i = 0; i < 48; i += 1) {
      writes.push(write());
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    const { response, tasks } = await closing;
    writes.push(write());
    expect(response.status).toBe(202);
    const outcomes = (await Promise.all(writes)).map(({ status, code }) => code ?? status);
    for (const outcome of [201, "session-ended"]) expect(outcomes).toContain(outcome);
    // They wait for each other, so a slow machine may let some reach their deadline. That is a fault, not an effect.
    for (const outcome of outcomes) expect(outcome).toBeOneOf([201, "session-ended", "database-unavailable"]);
    await stack.waitUntilIdle();
    expect(await stack.sql("select id from tasks where user_id = $1", [ada.id])).toHaveLength(Number(tasks));
  });

  test("leaves no session of ten sign-ins, and closes once among five", async () => {
    const ada = await seedUser(stack);
    const { email, password } = ada;
    const held = ["select from users where id = $1 for update"];
    const [closings, signIns] = await runDuringTransaction(stack, held, [ada.id], () =>
      Promise.all([
        Promise.all(Array.from({ length: 5 }, () => close(ada))),
        Promise.all(
          Array.from({ length: 10 }, () => stack.client().post("/api/auth/login", { email, password })),
        ),
      ]),
    );
    const outcomes = closings.map(({ status, code }) => code ?? status);
    expect(outcomes.filter((outcome) => outcome === 202)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "session-ended")).toHaveLength(4);
    for (const { status, code, json } of signIns) {
      expect(code ?? status).toBeOneOf([200, "invalid-credentials"]);
      if (status !== 200) continue;
      const me = await stack.client().get("/api/auth/me", { token: String(json.accessToken) });
      expect(me.code).toBe("session-ended");
    }
    expect(
      await stack.sql("select id from outbox where user_id = $1 and kind = 'account-closed'", [ada.id]),
    ).toHaveLength(1);
  });

  // @proof closing-loses-to-the-end-of-its-session
  test.each([
    ["a ban", "update users set session_epoch = session_epoch + 1 where id = $1"],
    ["the end of its session", "update sessions set ended_at = now() where user_id = $1"],
  ])("is refused if it waited for %s", async (_, statement) => {
    const ada = await seedUser(stack);
    const statements = ["select from users where id = $1 for update", statement];
    const response = await runDuringTransaction(stack, statements, [ada.id], () => close(ada));
    expect(response.code).toBe("session-ended");
    const rows = await stack.sql("select id from users where id = $1 and closed_at is null", [ada.id]);
    expect(rows).toHaveLength(1);
  });

  test("does not deadlock with a new password and the change of an admin", async () => {
    const ada = await seedUser(stack, { role: "admin" });
    const grace = await seedUser(stack, { role: "admin" });
    await seedSession(stack, ada.id);
    const json = { currentPassword: ada.password, newPassword: goodPassword() };
    const held = ["select from users where id = $1 for update"];
    const [changed, closed, patched] = await runDuringTransaction(stack, held, [ada.id], () =>
      Promise.all([
        ada.client.post("/api/auth/change-password", json, { token: ada.token }),
        close(ada),
        grace.client.patch(`/api/admin/users/${ada.id}`, { role: "user" }, { token: grace.token }),
      ]),
    );
    expect(changed.code ?? changed.status).toBeOneOf([200, "session-ended"]);
    expect(closed.code ?? closed.status).toBeOneOf([202, "session-ended"]);
    expect(patched.status).toBe(200);
  });

  // @proof two-admins-cannot-both-leave
  test("keeps one of two admins who leave together", async () => {
    for (let round = 0; round < 5; round += 1) {
      await stack.sql("update users set role = 'user'");
      const [ada, grace] = [
        await seedUser(stack, { role: "admin" }),
        await signIn(await seedUser(stack, { role: "admin" })),
      ];
      const outcomes = await Promise.all([close(ada), close(grace)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual([202, 409]);
    }
  });
});
