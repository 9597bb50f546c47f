import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { type Stack, startStack, waitFor } from "../../stack/stack.js";
import { emailedToken, goodPassword, register, subjects, type TestUser } from "../../stack/users.js";
import { createProject } from "../projects/new-project.js";
import { createTask } from "../tasks/new-task.js";

let stack: Stack;
let admin: TestUser;
beforeAll(async () => {
  stack = await startStack();
  admin = await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const remove = (id: string) => admin.client.delete(`/api/admin/users/${id}`, { token: admin.token });

const allTables = async () =>
  (await stack.sql("select table_name from information_schema.tables where table_schema = 'public'")).map(
    (row) => String(row["table_name"]),
  );

/** The number of rows in each table that contain the text anywhere. */
async function mentions(text: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of await allTables()) {
    const rows = await stack.sql(`select from ${table} as t where position($1 in t::text) > 0`, [text]);
    if (rows.length > 0) counts[table] = rows.length;
  }
  return counts;
}

/** A person with rows in every table that refers to users. */
async function personWithRowsEverywhere() {
  const { client, registration, ...person } = await register(stack);
  const { email } = person;
  const confirmation = { token: await emailedToken(stack, email, subjects.verify), registration };
  const confirmed = await client.post("/api/auth/verify-email", confirmation);
  const token = String(confirmed.json.accessToken);
  const options = { token, headers: { "idempotency-key": "once" } };
  expect((await client.post("/api/tasks", { title: "Once", labels: ["Home"] }, options)).status).toBe(201);
  const { id: projectId } = await createProject({ client, token });
  const { path } = await createTask({ client, token }, { projectId });
  expect((await client.delete(path, { token })).status).toBe(200);
  expect((await client.post("/api/auth/forgot-password", { email })).status).toBe(202);
  const stranger = { email, password: goodPassword(), name: "A stranger" };
  expect((await stack.client().post("/api/auth/register", stranger)).status).toBe(202);
  await emailedToken(stack, email, subjects.reset);
  await stack.mailbox.waitForMail(email, { subject: subjects.alreadyRegistered });
  return { ...person, id: String(confirmed.json.user.id), client, token, confirmation };
}

describe("DELETE /api/admin/users/{id}", () => {
  test("deletes the user's rows in every table, and every trace of the address, but records the deletion", async () => {
    const person = await personWithRowsEverywhere();
    expect(Object.keys(await mentions(person.id)).sort()).toEqual(
      [
        "event_chains",
        "idempotency_keys",
        "labels",
        "links",
        "outbox",
        "projects",
        "registrations",
        "security_events",
        "sessions",
        "sync_heads",
        "task_changes",
        "task_texts",
        "tasks",
        "tombstones",
        "trashed_tasks",
        "users",
      ].sort(),
    );
    expect(await mentions(person.email)).toMatchObject({ registrations: 2, users: 1 });
    const response = await remove(person.id);
    expect([response.status, response.text]).toEqual([204, ""]);
    expect(await mentions(person.id)).toEqual({ admin_events: 1, event_chains: 1 });
    expect(await mentions(person.email)).toEqual({});
  });

  // @proof deletion-leaves-no-way-back
  test("leaves no way back in: token, cookie, password and emailed links all fail", async () => {
    const person = await personWithRowsEverywhere();
    const { client, token, email, password } = person;
    const link = await emailedToken(stack, email, subjects.reset);
    await remove(person.id);
    expect((await client.get("/api/auth/me", { token })).code).toBe("session-ended");
    expect((await client.post("/api/tasks", { title: "Ghost" }, { token })).code).toBe("session-ended");
    expect((await client.post("/api/auth/refresh")).code).toBe("session-ended");
    expect((await client.post("/api/auth/login", { email, password })).code).toBe("invalid-credentials");
    const reset = await client.post("/api/auth/reset-password", { token: link, password: goodPassword() });
    expect(reset.code).toBe("invalid-link");
    for (const json of [person.confirmation, { ...person.confirmation, password }])
      expect((await client.post("/api/auth/verify-email", json)).code).toBe("invalid-link");
    expect(await stack.sql("select id from users where email = $1", [email])).toEqual([]);
  });

  test("frees the address for a new account without the old data", async () => {
    const person = await personWithRowsEverywhere();
    await remove(person.id);
    // The setup has spent the email budget of this mailbox.
    await stack.sql("delete from throttle");
    const newcomer = await register(stack, { email: person.email });
    await waitFor(async () => {
      const mails = await stack.mailbox.mails(person.email);
      return mails.filter(({ subject }) => subject === subjects.verify).length === 2 || undefined;
    });
    const { client, registration } = newcomer;
    const token = await emailedToken(stack, person.email, subjects.verify);
    const confirmed = await client.post("/api/auth/verify-email", { token, registration });
    expect(confirmed.json.user.id).not.toBe(person.id);
    const tasks = await client.get("/api/tasks", { token: confirmed.json.accessToken });
    expect(tasks.json.data).toEqual([]);
  });

  test("leaves other users' rows alone", async () => {
    const [person, other] = await Promise.all([personWithRowsEverywhere(), personWithRowsEverywhere()]);
    const before = await mentions(other.id);
    await remove(person.id);
    expect(await mentions(other.id)).toEqual(before);
    expect((await other.client.get("/api/auth/me", { token: other.token })).status).toBe(200);
  });

  test("deletes banned users", async () => {
    const { id } = await seedUser(stack, { isBanned: true });
    expect((await remove(id)).status).toBe(204);
  });

  test.each(["019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21", "me", "1"])("returns 404 for %s", async (id) => {
    expect((await remove(id)).code).toBe("not-found");
  });

  test("returns 404 the second time", async () => {
    const { id } = await seedUser(stack);
    expect((await remove(id)).status).toBe(204);
    expect((await remove(id)).code).toBe("not-found");
  });
});
