import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closedAccountDays } from "../../../lib/auth/limits.js";
import { auditOf } from "../../audit/chained-events.js";
import { seedClosing, seedTask, seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { emailedToken, goodPassword, signUp, subjects } from "../../stack/users.js";
import { eventsAbout } from "../admin/admin-events.js";
import { runDuringTransaction } from "../auth/row-locks.js";
import { tracesOf } from "../auth/traces.js";
import { runCron } from "./outbox-rows.js";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());
beforeEach(() => stack.waitUntilIdle());

const purge = async () => {
  const response = await runCron(stack);
  await stack.waitUntilIdle();
  return response;
};
const exists = async (id: string) => (await stack.sql("select from users where id = $1", [id])).length === 1;
const makeDue = (id: string) =>
  stack.sql("update users set closed_at = closed_at - make_interval(days => $2) where id = $1", [
    id,
    closedAccountDays,
  ]);
const word = () => `canary${randomBytes(6).toString("hex")}`;

describe("GET /api/cron/outbox with a closed account that is due", () => {
  // @proof purge-leaves-no-trace
  test("leaves no trace of the address, the name and the texts of the tasks in any column, and a chain that verifies", async () => {
    const admin = await seedUser(stack, { role: "admin" });
    const [name, title, description] = [word(), word(), word()];
    const person = await signUp(stack, { name });
    const { email, client, token } = person;
    const options = { token, headers: { "idempotency-key": "once" } };
    await client.post("/api/tasks", { title, description }, options);
    await client.post("/api/auth/forgot-password", { email });
    await stack.client().post("/api/auth/register", { email, password: goodPassword(), name: "A stranger" });
    const patch = (members: object) =>
      admin.client.patch(`/api/admin/users/${person.id}`, members, { token: admin.token });
    for (const members of [{ role: "admin" }, { role: "user" }]) await patch(members);
    await stack.waitUntilIdle();
    await client.delete("/api/auth/me", { token });
    await emailedToken(stack, email, subjects.closed);
    await stack.client().post("/api/auth/register", { email, password: goodPassword(), name: "A stranger" });
    const texts = { email, name, title, description };
    const traces = async () =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(texts).map(async ([what, text]) => [what, await tracesOf(stack, text)] as const),
        ),
      );
    expect(await traces()).toEqual({
      email: [
        "outbox.recipient",
        "registrations.email",
        "registrations.email_key",
        "users.email",
        "users.email_key",
      ],
      name: ["registrations.name", "users.name"],
      title: ["task_texts.content", "tasks.title"],
      description: ["task_texts.content", "tasks.description"],
    });
    await makeDue(person.id);
    expect((await purge()).status).toBe(200);
    expect(await traces()).toEqual({ email: [], name: [], title: [], description: [] });
    const [event] = await eventsAbout(admin, person);
    expect(event).toMatchObject({
      action: "purged",
      actor: null,
      target: { id: person.id, name: null },
      before: { role: "user", closedAt: expect.any(String) },
      after: null,
    });
    expect((await auditOf(stack)).faults).toEqual([]);
  });

  // @proof purge-waits-for-its-day
  test("keeps an account that is not due, one that is open, and everyone else", async () => {
    const [young, open, due] = [await seedUser(stack), await seedUser(stack), await seedUser(stack)];
    for (const { id } of [young, open, due]) await seedTask(stack, id);
    await seedClosing(stack, young.id, closedAccountDays - 1);
    await seedClosing(stack, due.id, closedAccountDays);
    await purge();
    for (const [person, stays] of [
      [young, true],
      [open, true],
      [due, false],
    ] as const)
      expect(await exists(person.id)).toBe(stays);
    expect((await open.client.get("/api/tasks", { token: open.token })).json.data).toHaveLength(1);
  });

  test("deletes more accounts than one statement may, and frees their addresses", async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => seedUser(stack)));
    for (const { id } of people) await seedClosing(stack, id, closedAccountDays);
    await purge();
    for (const { id } of people) expect(await exists(id)).toBe(false);
    const { email } = people[0] ?? { email: "" };
    expect((await signUp(stack, { email })).email).toBe(email);
  });

  test.skipIf(!hasPostgres())("skips an account that another request holds", async () => {
    const [held, free] = [await seedUser(stack), await seedUser(stack)];
    for (const { id } of [held, free]) await seedClosing(stack, id, closedAccountDays);
    await runDuringTransaction(stack, ["select from users where id = $1 for update"], [held.id], purge);
    expect([await exists(held.id), await exists(free.id)]).toEqual([true, false]);
  });
});
