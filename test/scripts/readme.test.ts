import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { commonPasswordsSource } from "../../scripts/common-passwords.js";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

test("README.md names only npm scripts that exist", async () => {
  const { scripts } = JSON.parse(await read("package.json"));
  const mentions = (await read("README.md")).matchAll(/npm run ([\w:-]+)/g);
  for (const [, name] of mentions) expect(Object.keys(scripts)).toContain(name);
});

// @proof common-passwords-list-is-current
test("lib/auth/common-passwords.ts matches the output of its script", async () => {
  expect(await read("lib/auth/common-passwords.ts")).toBe(commonPasswordsSource());
});
