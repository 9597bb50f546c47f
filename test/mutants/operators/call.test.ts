import { describe, expect, test } from "vitest";
import { dropArgument, replaceCall, setArgument } from "./call.js";

const f = (body: string) => `const f = () => ${body};`;

test("replaceCall replaces a call by other code", () => {
  expect(replaceCall({ in: "f", call: "verify", by: "true" })(f("a(verify(b, c))"))).toBe(f("a(true)"));
});

test("replaceCall replaces a method call by one of its arguments", () => {
  const edit = replaceCall({ in: "f", call: "hash", by: { argument: 1 } });
  expect(edit(f("keys.hash(a, b.c)"))).toBe(f("b.c"));
});

describe("dropArgument", () => {
  test("removes an argument by its position", () => {
    expect(dropArgument({ in: "f", call: "g", argument: 0 })(f("g(a, b)"))).toBe(f("g( b)"));
  });

  test("removes an argument by a name in it", () => {
    expect(dropArgument({ in: "f", call: "g", argument: "b" })(f("g(a, ...b.map(c))"))).toBe(f("g(a, )"));
  });

  test.each([
    ["the argument is missing", "g(a)", "argument 1 of g in f"],
    ["the call is missing", "h(a, b)", "found 0 places instead of one: a call of g in f"],
    ["there are two calls", "g(a, b) + g(c, d)", "found 2 places instead of one: a call of g in f"],
  ])("throws if %s", (_, body, message) => {
    expect(() => dropArgument({ in: "f", call: "g", argument: 1 })(f(body))).toThrow(message);
  });
});

test("setArgument replaces an argument", () => {
  expect(setArgument({ in: "f", call: "g", argument: 1, to: "0" })(f("x.g(a, b)"))).toBe(f("x.g(a, 0)"));
});
