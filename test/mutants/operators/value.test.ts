import { describe, expect, test } from "vitest";
import { alwaysReturn, dropElement, dropProperty, dropSpread, setValue } from "./value.js";

test("setValue replaces the value of a constant", () => {
  expect(setValue({ of: "limit", to: "2" })("const limit: number = 1;")).toBe("const limit: number = 2;");
});

test("setValue replaces the value of a property", () => {
  const source = "const cookie = { attributes: () => ({ secure: true }) };";
  expect(setValue({ of: "cookie.secure", to: "false" })(source)).toContain("{ secure: false }");
});

describe("dropProperty", () => {
  const edit = dropProperty({ in: "f", property: "role" });

  test.each([
    ["f({ id, role })", "f({ id,  })"],
    ["f({ role: 1, id })", "f({  id })"],
  ])("removes the property from %s", (before, after) => {
    expect(edit(`const f = () => ${before};`)).toBe(`const f = () => ${after};`);
  });

  test("ignores destructuring", () => {
    expect(() => edit("const f = ({ role }) => role;")).toThrow("the property role in f");
  });
});

test("dropSpread removes a spread", () => {
  expect(dropSpread({ in: "f" })("function f([a, ...b]) { return [a, ...b]; }")).toContain("return [a, ];");
});

describe("dropElement", () => {
  test("removes the element at an index", () => {
    expect(dropElement({ in: "list", index: 1 })("const list = [a, b, c];")).toBe("const list = [a,  c];");
  });

  test("throws if two arrays are long enough", () => {
    expect(() => dropElement({ in: "list", index: 0 })("const list = x ? [a] : [b];")).toThrow(
      "found 2 places",
    );
  });
});

describe("alwaysReturn", () => {
  const edit = alwaysReturn({ from: "f", value: "true" });

  test.each([
    ["function f(a: string): boolean { return !a; }", "function f(a: string): boolean { return true; }"],
    ["const f = <T>(a: T) => !a;", "const f = <T>(a: T) => { return true; };"],
    ["const f = (a) => ({ a });", "const f = (a) => { return true; };"],
    ["const f = async () => { await g(); };", "const f = async () => { return true; };"],
  ])("replaces the body of %s", (before, after) => {
    expect(edit(before)).toBe(after);
  });

  test("throws if the name is not a function", () => {
    expect(() => edit("const f = 1;")).toThrow("found no function: f");
  });
});
