import { expect, test } from "vitest";
import { renameMember, replaceText } from "./text.js";

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the strings are source text.
test.each([
  ['const f = () => g("token", "tokens");', 'const f = () => g("key", "tokens");'],
  ["const f = () => `${a}#token=${b}`;", "const f = () => `${a}#key=${b}`;"],
])("replaceText replaces a string in %s", (before, after) => {
  expect(replaceText({ in: "f", text: "token", by: "key" })(before)).toBe(after);
});

test("replaceText throws if a template has the text twice", () => {
  const edit = replaceText({ in: "f", text: "a", by: "b" });
  expect(() => edit("const f = () => `a${x}a`;")).toThrow("found 2 places instead of one: the text a in f");
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the strings are source text.

test("renameMember reads another property", () => {
  const edit = renameMember({ in: "f", member: "name", to: "message" });
  expect(edit("const f = (name) => ({ name: error.name });")).toBe(
    "const f = (name) => ({ name: error.message });",
  );
});
