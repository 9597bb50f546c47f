import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { commonPasswordsSource } from "../../scripts/common-passwords.js";
import { envExample } from "../../scripts/env-example.js";
import { freshReadme } from "../../scripts/readme-tables.js";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

test("README.md has the tables of routes and variables that the code has, in at most 200 lines", async () => {
  const readme = await read("README.md");
  expect(readme, "node --import tsx scripts/readme-tables.ts").toBe(await freshReadme());
  expect(readme.split("\n").length).toBeLessThanOrEqual(200);
});

test("README.md names no npm script that does not exist", async () => {
  const { scripts } = JSON.parse(await read("package.json"));
  const named = (await read("README.md")).matchAll(/npm run ([\w:-]+)/g);
  for (const [, name] of named) expect(Object.keys(scripts)).toContain(name);
});

test(".env.example says what lib/env.ts says", async () => {
  expect(await read(".env.example"), "node --import tsx scripts/env-example.ts").toBe(envExample());
});

test("lib/auth/common-passwords.ts is what its script writes", async () => {
  expect(await read("lib/auth/common-passwords.ts")).toBe(commonPasswordsSource());
});
