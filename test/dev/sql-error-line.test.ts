import { expect, test } from "vitest";
import { sqlErrorLine } from "../../dev/neon/sql-error-line.js";

const misspelt = {
  query: "select id,\n       emial\n  from users",
  code: "42703",
  message: 'column "emial" does not exist',
};

test("marks the word at the position, on one line", () => {
  expect(sqlErrorLine({ ...misspelt, position: "19", hint: "Perhaps you meant email." })).toBe(
    'SQL error 42703: column "emial" does not exist (hint: Perhaps you meant email.) ' +
      "in: select id, >>emial<< from users",
  );
});

test("marks a quoted identifier as a whole", () => {
  const error = { query: 'select "no such" from users', message: "unknown column", position: "8" };
  expect(sqlErrorLine(error)).toContain('in: select >>"no such"<< from users');
});

test("counts characters beyond the basic plane once, as Postgres does", () => {
  expect(sqlErrorLine({ query: "select '🗝', nme", message: "no column", position: "13" })).toContain(
    "select '🗝', >>nme<<",
  );
});

test("shortens a long statement around the position", () => {
  const query = `select ${"a, ".repeat(100)}nme, ${"b, ".repeat(100)}c from t`;
  const line = sqlErrorLine({ query, message: "no column", position: String(query.indexOf("nme") + 1) });
  expect(line).toContain("a, >>nme<<, b,");
  expect(line.length).toBeLessThan(200);
});

test("shows the beginning of the statement without a position", () => {
  const error = { query: "COMMIT", code: "23505", message: "duplicate key", detail: "Key (id)=(1) exists." };
  expect(sqlErrorLine(error)).toBe("SQL error 23505: duplicate key (Key (id)=(1) exists.) in: COMMIT");
});
