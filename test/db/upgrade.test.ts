import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sessionCookie } from "../../lib/auth/cookies.js";
import { emailKey } from "../../lib/auth/email-key.js";
import { hashPassword } from "../../lib/auth/passwords.js";
import { issueRefreshToken } from "../../lib/auth/refresh-token.js";
import type { Operation } from "../../lib/contract.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { routes } from "../../lib/routes.js";
import { authEnv } from "../stack/seed.js";
import { type Stack, startStack } from "../stack/stack.js";
import { goodPassword, signIn } from "../stack/users.js";
import { type Column, readCatalog, type Table } from "./catalog.js";
import { type ColumnValues, columnValues } from "./column-values.js";
import { emptyDatabase } from "./engines.js";
import { expectEveryOperationToSucceed } from "./every-operation.js";
import { migrateEmptyStack, migrateStack } from "./migrate-stack.js";
import { copyFirstMigrations, projectMigrations } from "./migration-folder.js";
import { insertSampleRows } from "./sample-rows.js";

// An unconfirmed user becomes a registration.
const isRequired = ({ isRequired, name }: Column) => isRequired || name === "email_verified_at";

type Rows = Record<string, Record<string, unknown>[]>;

const { entries } = JSON.parse(readFileSync(join(projectMigrations, "meta/_journal.json"), "utf8"));
const steps: { tag: string; applied: number }[] = entries.map(({ tag }: { tag: string }, index: number) => ({
  tag,
  applied: index + 1,
}));

/** Admins and cron runs reach the rows of every user. Other callers reach their own, which are new. */
const reachesRowsOfAll = ({ auth }: Operation) => auth === "admin" || auth === "cron-secret";

const [email, name, password] = ["Early@Example.com", "Early Adopter", goodPassword()];

/** The first user can sign in and has a live session. */
async function earlyAdopter(): Promise<ColumnValues> {
  const hash = await hashPassword(password);
  return {
    ...columnValues,
    "users.email": `case n when 1 then '${email}' else 'second@example.com' end`,
    "users.email_key": `case n when 1 then '${emailKey(email)}' else 'second@example.com' end`,
    "users.name": `case n when 1 then '${name}' else 'Second' end`,
    "users.password_hash": `case n when 1 then '${hash}' else 'a hash' end`,
    "users.banned_at": "null",
    "users.closed_at": "null",
    "sessions.ended_at": "null",
  };
}

/**
 * Inserts two rows into every table, both of the first user: one with all columns, one with the required ones.
 * @returns the problems of `insertSampleRows`
 */
async function fillTables({ sql }: Stack, tables: Table[]): Promise<string[]> {
  const rows = {
    startAt: new Date("2026-01-02T03:04:05.678Z"),
    parentRow: "1",
    values: await earlyAdopter(),
  };
  const full = { ...rows, first: 1, last: 1, isFilled: () => true };
  const required = { ...rows, first: 2, last: 2, isFilled: isRequired };
  return [...(await insertSampleRows(sql, tables, full)), ...(await insertSampleRows(sql, tables, required))];
}

async function readRows({ sql }: Stack, tables: string[]): Promise<Rows> {
  const rows: Rows = {};
  for (const table of tables) {
    const found = await sql(`select to_jsonb(t) as row from "${table}" as t order by to_jsonb(t)::text`);
    rows[table] = found.map(({ row }) => row as Record<string, unknown>);
  }
  return rows;
}

describe("a database with rows in every table", () => {
  let stack: Stack;
  /** Problems of the current schema, which sample-rows.test.ts reports. */
  let knownProblems: string[];
  beforeAll(async () => {
    stack = await startStack();
    knownProblems = await fillTables(stack, await readCatalog(stack.sql));
  });
  beforeEach(() => emptyDatabase(stack));
  afterAll(() => stack.stop());

  test.each(steps)(
    "keeps its rows and serves requests when it is upgraded from $tag",
    { timeout: 120_000 },
    async ({ applied }) => {
      await migrateEmptyStack(stack, await copyFirstMigrations(applied));
      const tables = await readCatalog(stack.sql);
      const problems = await fillTables(stack, tables);
      expect(problems.filter((problem) => !knownProblems.includes(problem))).toEqual([]);
      const tableNames = tables.map((table) => table.name);
      const before = await readRows(stack, tableNames);
      expect(await migrateStack(stack, projectMigrations)).toEqual({
        applied: steps.length - applied,
        total: steps.length,
      });
      expect(await readRows(stack, tableNames)).toMatchObject(before);
      if (before["users"]) await expectServed(stack, before);
      const isAtAnEnd = applied === 1 || applied === steps.length;
      await expectEveryOperationToSucceed(stack, isAtAnEnd ? routes : routes.filter(reachesRowsOfAll));
    },
  );
});

/** The password, the refresh token and the tasks from before the upgrade still work. */
async function expectServed(stack: Stack, before: Rows): Promise<void> {
  const client = stack.client();
  const { token, id } = await signIn({ email, name, password, client });
  const user = before["users"]?.find((row) => row["email"] === email);
  expect(id).toBe(user?.["id"]);
  const { json } = await client.get("/api/tasks", { token });
  const titles = before["tasks"]?.map((row) => row["title"]);
  expect(titles).toHaveLength(2);
  expect(json.data.map((task: { title: string }) => task.title).sort()).toEqual(titles?.sort());

  const session = before["sessions"]?.find((row) => row["epoch"] === user?.["session_epoch"]);
  const { AUTH_SECRET } = authEnv(stack);
  const refreshToken = issueRefreshToken(keyRing(AUTH_SECRET), {
    sessionId: String(session?.["id"]),
    generation: Number(session?.["generation"]),
  });
  const cookie = `${sessionCookie.name(authEnv(stack))}=${refreshToken}`;
  expect((await client.post("/api/auth/refresh", undefined, { cookie })).status).toBe(200);
}
