import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { describe, expect, test } from "vitest";
import { render } from "../../db/render.js";
import { tasks } from "../../db/schema/tasks.js";

const statements = {
  "parameters of every kind": sql`select ${1}, ${"two"}, ${null}, ${new Date(0)}, ${[1, 2]}`,
  "tables and columns": sql`select ${tasks.dueTimeZone} from ${tasks} where ${tasks.id} = ${"id"}`,
  "an encoded parameter": sql`select ${sql.param(new Date(0), tasks.dueAt)}`,
  "names with quotes": sql`select 1 as ${sql.identifier('a"b')}`,
  "nested fragments": sql`select ${sql.join([sql`${1}`, sql.raw("now()"), sql`${2}`], sql`, `)}`,
};

describe("render", () => {
  test.each(Object.entries(statements))("renders %s as PgDialect does", (_, statement) => {
    const { sql: text, params } = new PgDialect().sqlToQuery(statement);
    expect(render(statement)).toMatchObject({ sql: text, params });
  });
});
