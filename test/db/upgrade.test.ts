import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { migrate } from "../../db/migrate.js";
import { keyRing } from "../../lib/auth/keys.js";
import { hashPassword } from "../../lib/auth/passwords.js";
import { emailKey } from "../../lib/auth/queries/accounts.js";
import { issueRefreshToken } from "../../lib/auth/refresh-token.js";
import { sessionCookie } from "../../lib/auth/session-cookie.js";
import { goodPassword, logIn } from "../stack/people.js";
import { identityOf } from "../stack/planted.js";
import { type Stack, startStack } from "../stack/stack.js";
import { empty } from "./engines.js";
import { expectEveryOperation } from "./every-operation.js";
import { firstProjectMigrations, projectMigrations } from "./migration-folder.js";
import { fillEveryTable, type Rows, readTables, type Samples } from "./sample-rows.js";

const { entries } = JSON.parse(readFileSync(join(projectMigrations, "meta/_journal.json"), "utf8"));
const steps: { tag: string; applied: number }[] = entries.map(({ tag }: { tag: string }, index: number) => ({
  tag,
  applied: index + 1,
}));

const [email, name, password] = ["Early@Example.com", "Early Adopter", goodPassword()];
const generation = 5;
const later = new Date(Date.now() + 24 * 3600 * 1000).toISOString();

/** What the columns mean that cannot hold just anything. */
async function samples(): Promise<Samples> {
  return {
    "users.email": [email, "second@example.com"],
    "users.email_key": [emailKey(email), "second@example.com"],
    "users.name": [name, "Second"],
    "users.role": ["admin", "user"],
    "users.password_hash": [await hashPassword(password), "a hash"],
    "users.banned_at": [null, null],
    "users.session_epoch": [2, 0],
    "sessions.epoch": [2, 2],
    "sessions.generation": [generation, 0],
    "sessions.idle_expires_at": [later, later],
    "sessions.expires_at": [later, later],
    "sessions.ended_at": [null, null],
    "links.purpose": ["verify-email", "reset-password"],
    "outbox.kind": ["verify-email", "reset-password"],
    "tasks.title": ["Kept", "Kept too"],
    "tasks.status": ["done", "todo"],
  };
}

describe("a database with rows in every table", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  beforeEach(() => empty(stack));
  afterAll(() => stack.stop());

  const run = async (folder: string) => {
    const { DATABASE_URL: url = "", NEON_FETCH_ENDPOINT: endpoint } = stack.env;
    return migrate({ url, endpoint, folder });
  };

  test.each(steps)(
    "that stands at $tag is brought up to date and loses nothing",
    { timeout: 120_000 },
    async ({ applied }) => {
      await run(await firstProjectMigrations(applied));
      const before = await fillEveryTable(stack.sql, await samples());
      expect(await run(projectMigrations)).toEqual({ applied: steps.length - applied, total: steps.length });
      expect(await readTables(stack.sql, Object.keys(before))).toMatchObject(before);
      if (before["users"]) await expectServed(stack, before);
      await expectEveryOperation(stack);
    },
  );
});

/** The password, the refresh token and the tasks of before are good. */
async function expectServed(stack: Stack, before: Rows): Promise<void> {
  const client = stack.client();
  const { token, id } = await logIn({ email, name, password, client });
  expect(id).toBe(before["users"]?.find((row) => row["email"] === email)?.["id"]);
  const { json } = await client.get("/api/tasks", { token });
  expect(json.data.map((task: { title: string }) => task.title).sort()).toEqual(["Kept", "Kept too"]);

  const session = before["sessions"]?.find((row) => row["generation"] === generation);
  const { AUTH_SECRET } = identityOf(stack);
  const refreshToken = issueRefreshToken(keyRing(AUTH_SECRET), {
    sessionId: String(session?.["id"]),
    generation,
  });
  const cookie = `${sessionCookie.name(identityOf(stack))}=${refreshToken}`;
  expect((await client.post("/api/auth/refresh", undefined, { cookie })).status).toBe(200);
}
