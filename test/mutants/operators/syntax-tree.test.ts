import { expect, test } from "vitest";
import { nodeAt } from "./syntax-tree.js";

const source = `
import { b } from "./b.js";
export const cookie: Record<string, unknown> = {
  attributes: () => ({ secure: true, "max-age": 1 }),
  path: "/",
};
function read({ path }: { path: string }) {
  const path2 = path;
  return path2;
}
const text = "é";
const other = { path: 1, inner: { path: 2 } };
handle(app, getCookie, async () => ({ status: 200 }));
handle(app, putCookie, async () => ({ status: 204 }));
`;

const textAt = (path: string) => {
  const { start, end } = nodeAt(source, path);
  return source.slice(start, end);
};

test.each([
  ["cookie.attributes.secure", "true"],
  ["cookie.max-age", "1"],
  ["read.path2", "path"],
  ["text", '"é"'],
  ["putCookie", "async () => ({ status: 204 })"],
  ["putCookie.status", "204"],
])("nodeAt resolves %s", (path, text) => {
  expect(textAt(path)).toBe(text);
});

test("nodeAt returns a whole function", () => {
  expect(textAt("read")).toMatch(/^function read\(.*return path2;\n}$/s);
});

test.each([
  ["cookie.missing", "found 0 places instead of one: missing of cookie.missing"],
  ["path2", "found 0 places instead of one: path2 at the top level, for path2"],
  ["other.path", "found 2 places instead of one: path of other.path"],
])("nodeAt rejects %s", (path, message) => {
  expect(() => nodeAt(source, path)).toThrow(message);
});

test("nodeAt rejects a file that does not parse", () => {
  expect(() => nodeAt("const = 1", "a")).toThrow("not TypeScript");
});
