import { expect, test } from "vitest";
import { seedUser } from "../stack/seed.js";
import { type Stack, startStackForTest } from "../stack/stack.js";
import { expectEveryOperationToSucceed } from "./every-operation.js";
import { migrateStack } from "./migrate-stack.js";
import { copyMigrationsWith } from "./migration-folder.js";

/** Every change that a migration may make while functions of the previous release still run. */
async function allowedChanges({ sql }: Stack): Promise<string[]> {
  const columns = await sql(
    `select table_name as "table", column_name as name from information_schema.columns
      where table_schema = 'public'`,
  );
  const tables = [...new Set(columns.map(({ table }) => String(table)))];
  const names = [...new Set(columns.map(({ name }) => String(name)))];
  const has = (table: string, name: string) =>
    columns.some((c) => c["table"] === table && c["name"] === name);
  // Adds every column name to every table, so that an unqualified name in a join becomes ambiguous.
  const missingNames = (table: string) =>
    names.filter((name) => !has(table, name)).map((name) => `add "${name}" text not null default 'new'`);
  const toTable = (table: string) => [
    `alter table "${table}" add "added_later" text, ${missingNames(table).join(", ")}`,
    `create index "${table}_added_later" on "${table}" ("added_later")`,
  ];
  const newTable =
    'create table "later" (id uuid primary key, user_id uuid references users (id) on delete cascade)';
  return [...tables.flatMap(toTable), newTable];
}

test("every operation succeeds after a later migration has added columns, indexes and a table", {
  timeout: 120_000,
}, async () => {
  const stack = await startStackForTest();
  await seedUser(stack);
  const folder = await copyMigrationsWith(await allowedChanges(stack));
  expect((await migrateStack(stack, folder)).applied).toBe(1);
  await expectEveryOperationToSucceed(stack);
});
