import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  goodPassword,
  logIn,
  mailedToken,
  type Person,
  register,
  signUp,
  subjects,
} from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import { type Stack, startStack, waitFor } from "../../stack/stack.js";

let stack: Stack;
let admin: Person;
beforeAll(async () => {
  stack = await startStack();
  admin = await plant(stack, { role: "admin" });
});
afterAll(() => stack.stop());

const remove = (id: string) => admin.client.delete(`/api/admin/users/${id}`, { token: admin.token });

const allTables = async () =>
  (await stack.sql("select table_name from information_schema.tables where table_schema = 'public'")).map(
    (row) => String(row["table_name"]),
  );

/** How many rows of each table mention this text anywhere. */
async function mentions(text: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of await allTables()) {
    const rows = await stack.sql(`select from ${table} as t where position($1 in t::text) > 0`, [text]);
    if (rows.length > 0) counts[table] = rows.length;
  }
  return counts;
}

/** Somebody who has left something in every table that knows users. */
async function busyPerson(): Promise<Person> {
  const person = await signUp(stack);
  const { client, token, email } = person;
  const options = { token, headers: { "idempotency-key": "once" } };
  expect((await client.post("/api/tasks", { title: "Once" }, options)).status).toBe(201);
  expect((await client.post("/api/auth/forgot-password", { email })).status).toBe(202);
  const stranger = { email, password: goodPassword(), name: "A stranger" };
  expect((await stack.client().post("/api/auth/register", stranger)).status).toBe(202);
  await mailedToken(stack, email, subjects.reset);
  await stack.mailbox.waitForMail(email, { subject: subjects.alreadyRegistered });
  return person;
}

describe("DELETE /api/admin/users/{id}", () => {
  test("takes everything of the user with it, in every table, and the address too", async () => {
    const person = await busyPerson();
    expect(Object.keys(await mentions(person.id)).sort()).toEqual(
      ["idempotency_keys", "links", "outbox", "security_events", "sessions", "tasks", "users"].sort(),
    );
    const answer = await remove(person.id);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect(await mentions(person.id)).toEqual({});
    expect(await mentions(person.email)).toEqual({});
  });

  test("leaves no way back: token, cookie, password and mailed link are worth nothing", async () => {
    const person = await busyPerson();
    const { client, token, email, password } = person;
    const link = await mailedToken(stack, email, subjects.reset);
    await remove(person.id);
    expect((await client.get("/api/auth/me", { token })).code).toBe("session-ended");
    expect((await client.post("/api/tasks", { title: "Ghost" }, { token })).code).toBe("session-ended");
    expect((await client.post("/api/auth/refresh")).code).toBe("session-ended");
    expect((await client.post("/api/auth/login", { email, password })).code).toBe("invalid-credentials");
    const reset = await client.post("/api/auth/reset-password", { token: link, password: goodPassword() });
    expect(reset.code).toBe("invalid-link");
  });

  test("frees the address for a new account, which has nothing of the old one", async () => {
    const person = await busyPerson();
    await remove(person.id);
    // What strangers may do to one mailbox is limited, and this mailbox has had its share.
    await stack.sql("delete from throttle");
    const newcomer = await register(stack, { email: person.email });
    await waitFor(async () => {
      const mails = await stack.mailbox.mails(person.email);
      return mails.filter(({ subject }) => subject === subjects.verify).length === 2 || undefined;
    });
    const token = await mailedToken(stack, person.email, subjects.verify);
    expect((await newcomer.client.post("/api/auth/verify-email", { token })).status).toBe(200);
    const again = await logIn(newcomer);
    expect(again.id).not.toBe(person.id);
    const tasks = await again.client.get("/api/tasks", { token: again.token });
    expect(tasks.json.data).toEqual([]);
  });

  test("leaves everybody else's rows alone", async () => {
    const [person, other] = await Promise.all([busyPerson(), busyPerson()]);
    const before = await mentions(other.id);
    await remove(person.id);
    expect(await mentions(other.id)).toEqual(before);
    expect((await other.client.get("/api/auth/me", { token: other.token })).status).toBe(200);
  });

  test("works for whoever is banned or has not confirmed the address", async () => {
    const people = [await plant(stack, { isBanned: true }), await plant(stack, { isVerified: false })];
    for (const { id } of people) expect((await remove(id)).status).toBe(204);
  });

  test.each(["019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21", "me", "1"])("answers 404 for %s", async (id) => {
    expect((await remove(id)).code).toBe("not-found");
  });

  test("answers 404 the second time", async () => {
    const { id } = await plant(stack);
    expect((await remove(id)).status).toBe(204);
    expect((await remove(id)).code).toBe("not-found");
  });
});
