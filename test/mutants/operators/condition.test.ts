import { describe, expect, test } from "vitest";
import { dropCheck, setCondition } from "./condition.js";

describe("setCondition", () => {
  const edit = setCondition({ in: "f", mentions: "isOpen", to: true });

  test.each([
    ["the test of an if", "if (door.isOpen) enter();", "if (true) enter();"],
    ["the test of a ternary", "x = isOpen(1) ? 1 : 2;", "x = true ? 1 : 2;"],
    ["an operand of &&", "if (a && !isOpen) enter();", "if (a && true) enter();"],
    [
      "an operand of || inside brackets",
      "if (a && (b || isOpen)) enter();",
      "if (a && (b || true)) enter();",
    ],
  ])("fixes %s", (_, before, after) => {
    expect(edit(`function f() { ${before} }`)).toBe(`function f() { ${after} }`);
  });

  test("replaces a condition by code", () => {
    const byCode = setCondition({ in: "f", mentions: "a", to: "b > 1" });
    expect(byCode("const f = () => (a ? 1 : 2);")).toBe("const f = () => (b > 1 ? 1 : 2);");
  });

  test("finds a condition by a literal", () => {
    const byLiteral = setCondition({ in: "f", mentions: "none", to: false });
    expect(byLiteral('const f = (s) => s === null || s === "none";')).toBe(
      "const f = (s) => s === null || false;",
    );
  });

  test.each([
    ["no condition has the mention", "isOpen();"],
    ["two conditions have the mention", "if (isOpen) a(); if (isOpen) b();"],
  ])("throws if %s", (_, body) => {
    expect(() => edit(`function f() { ${body} }`)).toThrow("a condition in f that mentions isOpen");
  });
});

describe("dropCheck", () => {
  const edit = dropCheck({ in: "f", throws: "not-found" });

  test.each([
    ['if (a) throw new Problem("not-found");', 'if (false) throw new Problem("not-found");'],
    ['if (a) { b(); throw problem("not-found", c); }', 'if (false) { b(); throw problem("not-found", c); }'],
  ])("skips %s", (before, after) => {
    expect(edit(`function f() { if (x) throw new Problem("other"); ${before} }`)).toContain(after);
  });

  test("finds a check by the class of its error", () => {
    const byClass = dropCheck({ in: "f", throws: "RangeError" });
    expect(byClass("function f() { if (a) throw new RangeError(`b`); }")).toContain("if (false) throw");
  });

  test("throws if no check throws that error", () => {
    expect(() => edit("function f() { if (a) return; }")).toThrow("an if in f that throws not-found");
  });
});
