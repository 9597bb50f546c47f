// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are source text.
import { describe, expect, test } from "vitest";
import { dropAssignment } from "./assignment.js";
import { setBranch } from "./branch.js";
import { dropCteEffect } from "./cte-effect.js";
import { replaceSqlCall, replaceSqlString } from "./expression.js";
import { dropRaise } from "./function.js";
import { makeJoinInner } from "./join.js";
import { dropRowLock } from "./row-lock.js";

const f = (sql: string) => `const f = (id) => sql\`${sql}\`;`;

describe("dropRowLock", () => {
  test.each(["for no key update", "for update skip locked", "for no key update of t"])(
    "removes %s",
    (lock) => {
      const source = f(`with a as (select 1 ${lock}), b as (select 2)`);
      expect(dropRowLock({ in: "f", cte: "a" })(source)).toBe(f("with a as (select 1 ), b as (select 2)"));
    },
  );

  test("throws if there are two locks", () => {
    const source = f("with a as (select 1 for update), b as (select 2 for update)");
    expect(() => dropRowLock({ in: "f" })(source)).toThrow("found 2 places instead of one: a row lock in f");
  });
});

test("dropCteEffect leaves a CTE that does nothing", () => {
  const source = f("with a as (update t set b = ${id}) select 1");
  expect(dropCteEffect({ in: "f", cte: "a" })(source)).toBe(f("with a as (select) select 1"));
});

describe("dropAssignment", () => {
  const drop = (column: string) =>
    dropAssignment({ in: "f", column })(
      f(
        "update t set a = f(1, 2), b[2] = case when x is distinct from y then 1 end, c = ${id} from u where b = 1",
      ),
    );

  test.each([
    ["a", "set  b[2] = case"],
    ["b", "set a = f(1, 2),  c = "],
    ["c", "then 1 end from u"],
  ])("removes the assignment to %s and one comma", (column, result) => {
    expect(drop(column)).toContain(result);
  });

  test("throws if the column is not assigned", () => {
    expect(() => drop("d")).toThrow("an assignment to d in f");
  });

  test("throws instead of leaving an empty SET", () => {
    const edit = dropAssignment({ in: "f", column: "a" });
    expect(() => edit(f("update t set a = 1 where b"))).toThrow("one assignment, which cannot be removed");
  });
});

test("makeJoinInner turns a left join into an inner join", () => {
  const source = f("from a left join b on true left join c on true");
  expect(makeJoinInner({ in: "f", table: "c" })(source)).toBe(
    f("from a left join b on true  join c on true"),
  );
});

test("replaceSqlString replaces a string", () => {
  const source = f("select 'a', 'ab', a");
  expect(replaceSqlString({ in: "f", string: "a", by: "c" })(source)).toBe(f("select 'c', 'ab', a"));
});

test("replaceSqlCall replaces a call with its arguments", () => {
  const source = f("select now() - make_interval(secs => ${g(id)}), 1");
  expect(replaceSqlCall({ in: "f", call: "make_interval", by: "'1 s'" })(source)).toBe(
    f("select now() - '1 s', 1"),
  );
});

describe("setBranch", () => {
  const source = f("case when a and b then 'x' when c = ${id} then 'y' else 'x' end");

  test("replaces the condition of a branch", () => {
    expect(setBranch({ in: "f", result: "y", when: "true" })(source)).toBe(
      f("case when a and b then 'x' when true then 'y' else 'x' end"),
    );
    expect(setBranch({ in: "f", result: "x", when: "c" })(source)).toContain("case when c then 'x' when c =");
  });

  test("throws if no branch has the result", () => {
    const edit = setBranch({ in: "f", result: "z", when: "true" });
    expect(() => edit(source)).toThrow("a branch with the result z in f");
  });
});

describe("dropRaise", () => {
  const source = `CREATE FUNCTION f() AS $$
  IF NOT FOUND THEN RAISE 'a' USING ERRCODE = 'LK001';
  ELSIF b OR c THEN RAISE 'b' USING ERRCODE = 'LK002';
  END IF; $$`;

  test("skips the branch of an error code", () => {
    const edit = dropRaise({ sqlFunction: "f", errcode: "LK002" });
    expect(edit(source)).toBe(source.replace("b OR c", "false"));
  });

  test("throws if no branch raises the code", () => {
    const edit = dropRaise({ sqlFunction: "f", errcode: "LK003" });
    expect(() => edit(source)).toThrow("a branch of f that raises LK003");
  });
});
