import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack } from "../../stack/stack.js";
import { signUp, signUpAdmin, type TestUser } from "../../stack/users.js";
import { waitForBlocked } from "../auth/row-locks.js";

let stack: Stack;
let target: TestUser;
beforeAll(async () => {
  stack = await startStack();
  target = await seedUser(stack);
  // A standing admin, so that no removal in these tests concerns the last admin.
  await seedUser(stack, { role: "admin" });
});
afterAll(() => stack.stop());

type Call = readonly [method: string, path: string, json: object | undefined];
const operations: readonly Call[] = [
  ["GET", "/api/admin/users", undefined],
  ["GET", "/api/admin/users/{id}", undefined],
  ["PATCH", "/api/admin/users/{id}", { role: "admin" }],
  ["DELETE", "/api/admin/users/{id}", undefined],
  ["GET", "/api/admin/events", undefined],
];

const send = (person: TestUser, [method, path, json]: Call, id = target.id) =>
  person.client.send(method, path.replace("{id}", id), { token: person.token, json });
const rowOf = (id: string) => stack.sql("select * from users where id = $1", [id]);

describe.each(operations)("%s %s", (...operation) => {
  test("returns 403 to a user and changes nothing", async () => {
    const person = await seedUser(stack);
    const before = await rowOf(target.id);
    expect((await send(person, operation)).code).toBe("forbidden");
    expect(await rowOf(target.id)).toEqual(before);
  });

  test("returns 403 to a user for their own id and for an unknown id", async () => {
    const person = await seedUser(stack);
    expect((await send(person, operation, person.id)).code).toBe("forbidden");
    expect((await send(person, operation, "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21")).code).toBe("forbidden");
  });

  test("returns 403 to a just demoted admin whose token still claims the role", async () => {
    const [admin, demoted] = [
      await seedUser(stack, { role: "admin" }),
      await seedUser(stack, { role: "admin" }),
    ];
    expect((await send(demoted, ["GET", "/api/admin/users", undefined])).status).toBe(200);
    const path = `/api/admin/users/${demoted.id}`;
    const response = await admin.client.patch(path, { role: "user" }, { token: admin.token });
    expect(response.json.role).toBe("user");
    expect((await send(demoted, operation)).code).toBe("forbidden");
    expect(await rowOf(target.id)).toHaveLength(1);
  });

  test("returns account-banned to a banned admin and session-ended to a deleted one", async () => {
    const [banned, deleted] = [
      await seedUser(stack, { role: "admin" }),
      await seedUser(stack, { role: "admin" }),
    ];
    await stack.sql("update users set banned_at = now() where id = $1", [banned.id]);
    await stack.sql("delete from users where id = $1", [deleted.id]);
    expect((await send(banned, operation)).code).toBe("account-banned");
    expect((await send(deleted, operation)).code).toBe("session-ended");
    expect(await rowOf(target.id)).toHaveLength(1);
  });

  test("succeeds immediately for a just promoted admin with their old token", async () => {
    const admin = await seedUser(stack, { role: "admin" });
    const [promoted, subject] = [await seedUser(stack), await seedUser(stack)];
    expect((await send(promoted, operation, subject.id)).code).toBe("forbidden");
    const path = `/api/admin/users/${promoted.id}`;
    await admin.client.patch(path, { role: "admin" }, { token: admin.token });
    expect((await send(promoted, operation, subject.id)).status).toBeLessThan(300);
  });
});

test.skipIf(!hasPostgres())(
  "PATCH /api/admin/users/{id} rejects a user without waiting for a blocked change by an admin",
  async () => {
    const [user, admin] = [await seedUser(stack), await seedUser(stack, { role: "admin" })];
    const patch: Call = ["PATCH", "/api/admin/users/{id}", { role: "user" }];
    const holder = new pg.Client({ connectionString: stack.ownerUrl });
    await holder.connect();
    await holder.query("begin");
    await holder.query("select from users where id = $1 for update", [target.id]);
    const change = send(admin, patch);
    await waitForBlocked(stack, 1);
    expect((await send(user, patch)).code).toBe("forbidden");
    await holder.query("commit");
    await holder.end();
    expect((await change).status).toBe(200);
  },
);

test("PATCH /api/admin/users/{id} shows a new role in GET /api/auth/me and in the next access token", async () => {
  const [admin, person] = await Promise.all([signUpAdmin(stack), signUp(stack)]);
  const path = `/api/admin/users/${person.id}`;
  await admin.client.patch(path, { role: "admin" }, { token: admin.token });
  expect((await person.client.get("/api/auth/me", { token: person.token })).json.role).toBe("admin");
  const refreshed = await person.client.post("/api/auth/refresh");
  const claims = String(refreshed.json.accessToken).split(".")[1] ?? "";
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ role: "admin" });
});
