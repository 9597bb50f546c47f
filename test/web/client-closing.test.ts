import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { openSignedInTab, openTab, problemFrom, waitUntil } from "./client-tab.js";

const path = "/api/auth/me";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

const isDelete = ({ method, url }: Request) => method === "DELETE" && new URL(url).pathname === path;

async function signedInTab() {
  const person = await seedUser(stack);
  return { ...(await openSignedInTab(stack, person)), person };
}
const isClosed = async ({ id }: { id: string }) =>
  (await stack.sql("select from users where id = $1 and closed_at is not null", [id])).length === 1;

describe("latchkey.closeAccount", () => {
  test("signs out all tabs of the browser, and says when the account is deleted", async () => {
    const { jar, latchkey, person } = await signedInTab();
    const other = openTab(stack, jar);
    await other.resume();
    const { purgeAt } = await latchkey.closeAccount();
    expect(Date.parse(String(purgeAt))).toBeGreaterThan(Date.now());
    const signedOut = { state: "signed-out", reason: "account-closed" };
    expect(latchkey.session.get()).toEqual(signedOut);
    await waitUntil(() => other.session.get().state === "signed-out");
    expect(other.session.get()).toEqual(signedOut);
    expect(await isClosed(person)).toBe(true);
    expect(await openTab(stack, jar).resume()).toBeNull();
  });

  test("succeeds when it is repeated after a lost response", async () => {
    const { jar, latchkey, person } = await signedInTab();
    jar.delay = async (request) => {
      if (isDelete(request)) throw new TypeError("Failed to fetch");
    };
    expect((await problemFrom(latchkey.closeAccount())).code).toBe("network");
    expect(await isClosed(person)).toBe(true);
    jar.delay = async () => {};
    expect(await latchkey.closeAccount()).toEqual({ purgeAt: null });
    expect(latchkey.session.get().state).toBe("signed-out");
  });

  test("succeeds when the function lost the response of the database, and the client retries", async () => {
    const { latchkey, person } = await signedInTab();
    const fault = { kind: "lost" } as const;
    await stack.neon.inject(stack.databaseName, { times: 1, match: "closed_user as", fault });
    expect(await latchkey.closeAccount()).toEqual({ purgeAt: null });
    expect(await isClosed(person)).toBe(true);
  });

  test("does not claim success when the session has ended for another reason", async () => {
    const { latchkey, person } = await signedInTab();
    await stack.sql("update sessions set ended_at = now() where user_id = $1", [person.id]);
    expect((await problemFrom(latchkey.closeAccount())).code).toBe("session-ended");
    expect(await isClosed(person)).toBe(false);
  });

  test("keeps the last admin signed in", async () => {
    const { latchkey, person } = await signedInTab();
    await stack.sql("update users set role = case when id = $1 then 'admin' else 'user' end", [person.id]);
    expect((await problemFrom(latchkey.closeAccount())).code).toBe("last-admin");
    expect((await latchkey.api.GET("/api/tasks")).response.status).toBe(200);
  });
});

describe("latchkey.downloadExport", () => {
  test("returns the document as a blob", async () => {
    const { latchkey, person } = await signedInTab();
    const blob = await latchkey.downloadExport();
    expect(JSON.parse(await blob.text())).toMatchObject({ account: { email: person.email } });
  });

  test.each([
    ["json", "application/json", '{"exportedAt":'],
    ["csv", "text/csv;charset=utf-8", "id,title"],
    ["ics", "text/calendar;charset=utf-8", "BEGIN:VCALENDAR"],
  ] as const)("downloadTasks returns the tasks as %s", async (format, type, start) => {
    const { latchkey } = await signedInTab();
    const blob = await latchkey.downloadTasks(format);
    expect(blob.type.replace(" ", "")).toBe(type);
    expect(await blob.text()).toMatch(new RegExp(`^${start}`));
  });

  // @proof broken-export-is-an-error
  test("throws when the download breaks off, instead of returning a part", async () => {
    const { latchkey, person } = await signedInTab();
    await stack.sql(
      `insert into tasks (id, user_id, title, description, status)
       select gen_random_uuid(), $1, 'Task', repeat('x', 16384), 'todo' from generate_series(1, 60)`,
      [person.id],
    );
    await stack.neon.inject(stack.databaseName, { match: '"tasks"\\."id" <', fault: { kind: "500" } });
    expect((await problemFrom(latchkey.downloadExport())).code).toBe("network");
    await stack.neon.heal(stack.databaseName);
  });

  test("throws the problem of a refusal", async () => {
    const { latchkey, person } = await signedInTab();
    await stack.sql("update sessions set ended_at = now() where user_id = $1", [person.id]);
    expect((await problemFrom(latchkey.downloadExport())).code).toBe("session-ended");
  });
});
