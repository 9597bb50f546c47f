// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are source text.
import { describe, expect, test } from "vitest";
import { type SqlPlace, sqlAt } from "./place.js";

const source = `
const part = (id) => sql\`first as materialized (select 1 where a = \${id})\`;
const whole = (id) => ({
  statement: sql\`with \${part(id)}, second as (update t set "A" = 'it''s' /* c */),
    third as (\${insert(sql\`select 3\`)}) select \${ x } from second\`,
});
const raw = sql.raw(\`select \${table}.b\`);
const notSql = other\`select 4\`;
`;

const textsAt = (place: SqlPlace) =>
  sqlAt(source, place).map((tokens) => tokens.map(({ text }) => text).join(" "));

describe("sqlAt", () => {
  test("splits a template into tokens, with a hole as one token", () => {
    expect(textsAt({ in: "part" })).toEqual(["first as materialized ( select 1 where a = id )"]);
  });

  test("finds nested templates and the templates of sql.raw, but not other tags", () => {
    expect(textsAt({ in: "whole" })).toHaveLength(2);
    expect(textsAt({ in: "raw" })).toEqual(["select table . b"]);
    expect(textsAt({ in: "notSql" })).toEqual([]);
  });

  test("narrows the place to the body of a CTE", () => {
    expect(textsAt({ in: "part", cte: "first" })).toEqual(["select 1 where a = id"]);
    expect(textsAt({ in: "whole", cte: "second" })).toEqual(["update t set a = it''s"]);
  });

  test("gives each token its place in the file", () => {
    const tokens = sqlAt(source, { in: "whole" }).flat();
    const hole = tokens.find(({ text }) => text === "x");
    expect(source.slice(hole?.start, hole?.end)).toBe("${ x }");
  });

  test("throws if the CTE is missing", () => {
    expect(() => textsAt({ in: "whole", cte: "fourth" })).toThrow("the CTE fourth in whole");
  });

  test("finds the body of a function in a migration", () => {
    const create = (name: string, body: string) => `CREATE FUNCTION ${name}() RETURNS int AS $$${body}$$;\n`;
    const [tokens = []] = sqlAt(create("one", "SELECT 1") + create("two", "SELECT 2"), {
      sqlFunction: "two",
    });
    expect(tokens.map(({ text }) => text)).toEqual(["select", "2"]);
  });
});
