// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are source text.
import { describe, expect, test } from "vitest";
import { dropCondition } from "./condition.js";

const f = (sql: string) => `const f = (id) => sql\`${sql}\`;`;
const drop = (mentions: string, sql: string, to?: boolean) =>
  dropCondition({ in: "f", mentions, ...(to === undefined ? {} : { to }) })(f(sql));

describe("dropCondition", () => {
  test.each([
    ["a whole WHERE", "select a from t where c = ${id} limit 1", "select a from t where true limit 1"],
    ["an operand of AND", "where a and t.c is null and b", "where a and true and b"],
    ["an operand of OR", "case when a or t.c then 1 end", "case when a or false then 1 end"],
    ["an operand of AND beside OR", "where a or b and c", "where a or b and true"],
    ["an operand inside brackets", "where a and (b or c > now())", "where a and (b or false)"],
    ["the condition of a join", "from a join b on b.c = a.d where x", "from a join b on true where x"],
    ["a condition in a select list", "select x, c is null and d as y", "select x, true and d as y"],
    ["a negated condition", "where a and not c returning a", "where a and true returning a"],
    ["a subquery", "where a and exists (select from c)", "where a and true"],
    ["a comparison with DISTINCT FROM", "where c is distinct from b and a", "where true and a"],
  ])("drops %s", (_, before, after) => {
    expect(drop("c", before)).toBe(f(after));
  });

  test("drops a condition before FOR UPDATE, and keeps the lock", () => {
    expect(drop("c", "where a and c = 1 for no key update")).toBe(f("where a and true for no key update"));
  });

  test("keeps a hole that adds clauses after the condition", () => {
    expect(drop("c", "where c = ${id}::uuid ${rest} order by a")).toBe(f("where true ${rest} order by a"));
  });

  test("finds a condition by a name inside a hole", () => {
    expect(drop("hasOther", "where a or ${hasOther(id)}", true)).toBe(f("where a or true"));
  });

  test("finds a condition by a qualified name", () => {
    expect(drop("a.c", "where b.c = 1 and a.c = 1 and a.d")).toBe(f("where b.c = 1 and true and a.d"));
  });

  test("ignores a mention that is not in a condition", () => {
    expect(drop("c", "update t set c = 1 where c is null -- c\n")).toBe(
      f("update t set c = 1 where true -- c\n"),
    );
  });

  test("tells similar names apart", () => {
    expect(drop("expires_at", "where idle_expires_at < 1 or expires_at < 1")).toContain(
      "idle_expires_at < 1 or false",
    );
  });

  test.each([
    ["no condition has the mention", "select c from t where a"],
    ["two conditions have the mention", "where c = 1 and c = 2"],
  ])("throws if %s", (_, sql) => {
    expect(() => drop("c", sql)).toThrow("a condition in f that mentions c");
  });
});
