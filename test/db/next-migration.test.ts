import { expect, test } from "vitest";
import { migrate } from "../../db/migrate.js";
import { plant } from "../stack/planted.js";
import { type Stack, startStackForTest } from "../stack/stack.js";
import { expectEveryOperation } from "./every-operation.js";
import { projectMigrationsAnd } from "./migration-folder.js";

/** All that a migration may do while functions of the release before it still run. */
async function additions({ sql }: Stack): Promise<string[]> {
  const columns = await sql(
    `select table_name as "table", column_name as name from information_schema.columns
      where table_schema = 'public'`,
  );
  const tables = [...new Set(columns.map(({ table }) => String(table)))];
  const names = [...new Set(columns.map(({ name }) => String(name)))];
  const has = (table: string, name: string) =>
    columns.some((c) => c["table"] === table && c["name"] === name);
  // A name that stood for one column of a join may come to stand for two.
  const named = (table: string) =>
    names.filter((name) => !has(table, name)).map((name) => `add "${name}" text not null default 'new'`);
  const toTable = (table: string) => [
    `alter table "${table}" add "added_later" text, ${named(table).join(", ")}`,
    `create index "${table}_added_later" on "${table}" ("added_later")`,
  ];
  const newTable =
    'create table "later" (id uuid primary key, user_id uuid references users (id) on delete cascade)';
  return [...tables.flatMap(toTable), newTable];
}

test("functions of today work on, once the next migration has added columns, indexes and a table", {
  timeout: 120_000,
}, async () => {
  const stack = await startStackForTest();
  await plant(stack);
  const { DATABASE_URL: url = "", NEON_FETCH_ENDPOINT: endpoint } = stack.env;
  const folder = await projectMigrationsAnd(await additions(stack));
  expect((await migrate({ url, endpoint, folder })).applied).toBe(1);
  await expectEveryOperation(stack);
});
