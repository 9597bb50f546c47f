import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, signUp, signUpAdmin } from "../../stack/people.js";
import { plant } from "../../stack/planted.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { queued } from "../auth/contention.js";

let stack: Stack;
let target: Person;
beforeAll(async () => {
  stack = await startStack();
  target = await plant(stack);
  // Nobody else's removal may depend on whether they are the last.
  await plant(stack, { role: "admin" });
});
afterAll(() => stack.stop());

type Call = readonly [method: string, path: string, json: object | undefined];
const operations: readonly Call[] = [
  ["GET", "/api/admin/users", undefined],
  ["GET", "/api/admin/users/{id}", undefined],
  ["PATCH", "/api/admin/users/{id}", { role: "admin" }],
  ["DELETE", "/api/admin/users/{id}", undefined],
];

const send = (person: Person, [method, path, json]: Call, id = target.id) =>
  person.client.send(method, path.replace("{id}", id), { token: person.token, json });
const rowOf = (id: string) => stack.sql("select * from users where id = $1", [id]);

describe.each(operations)("%s %s", (...operation) => {
  test("answers 403 to a user, and does nothing", async () => {
    const person = await plant(stack);
    const before = await rowOf(target.id);
    expect((await send(person, operation)).code).toBe("forbidden");
    expect(await rowOf(target.id)).toEqual(before);
  });

  test("answers 403 to a user about themselves, and for an id of nobody alike", async () => {
    const person = await plant(stack);
    expect((await send(person, operation, person.id)).code).toBe("forbidden");
    expect((await send(person, operation, "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21")).code).toBe("forbidden");
  });

  test("answers 403 to whom an admin has just demoted, whose token still says admin", async () => {
    const [admin, demoted] = [await plant(stack, { role: "admin" }), await plant(stack, { role: "admin" })];
    expect((await send(demoted, ["GET", "/api/admin/users", undefined])).status).toBe(200);
    const path = `/api/admin/users/${demoted.id}`;
    const answer = await admin.client.patch(path, { role: "user" }, { token: admin.token });
    expect(answer.json.role).toBe("user");
    expect((await send(demoted, operation)).code).toBe("forbidden");
    expect(await rowOf(target.id)).toHaveLength(1);
  });

  test("answers 403 to a banned admin, and 401 to a deleted one", async () => {
    const [banned, deleted] = [await plant(stack, { role: "admin" }), await plant(stack, { role: "admin" })];
    await stack.sql("update users set banned_at = now() where id = $1", [banned.id]);
    await stack.sql("delete from users where id = $1", [deleted.id]);
    expect((await send(banned, operation)).code).toBe("account-banned");
    expect((await send(deleted, operation)).code).toBe("session-ended");
    expect(await rowOf(target.id)).toHaveLength(1);
  });

  test("does its work at once for whom an admin has just promoted, with the token of before", async () => {
    const admin = await plant(stack, { role: "admin" });
    const [promoted, subject] = [await plant(stack), await plant(stack)];
    expect((await send(promoted, operation, subject.id)).code).toBe("forbidden");
    const path = `/api/admin/users/${promoted.id}`;
    await admin.client.patch(path, { role: "admin" }, { token: admin.token });
    expect((await send(promoted, operation, subject.id)).status).toBeLessThan(300);
  });
});

test.skipIf(!hasPostgres())(
  "PATCH /api/admin/users/{id} by a user is refused at once while changes by admins queue up",
  async () => {
    const [user, admin] = [await plant(stack), await plant(stack, { role: "admin" })];
    const patch: Call = ["PATCH", "/api/admin/users/{id}", { role: "user" }];
    const holder = new pg.Client({ connectionString: String(stack.env["DATABASE_URL"]) });
    await holder.connect();
    await holder.query("begin");
    await holder.query("select from users where id = $1 for update", [target.id]);
    const change = send(admin, patch);
    await queued(stack, 1);
    expect((await send(user, patch)).code).toBe("forbidden");
    await holder.query("commit");
    await holder.end();
    expect((await change).status).toBe(200);
  },
);

test("a new role shows in the own account and in the next access token", async () => {
  const [admin, person] = await Promise.all([signUpAdmin(stack), signUp(stack)]);
  const path = `/api/admin/users/${person.id}`;
  await admin.client.patch(path, { role: "admin" }, { token: admin.token });
  expect((await person.client.get("/api/auth/me", { token: person.token })).json.role).toBe("admin");
  const refreshed = await person.client.post("/api/auth/refresh");
  const claims = String(refreshed.json.accessToken).split(".")[1] ?? "";
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ role: "admin" });
});
