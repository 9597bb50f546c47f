import { expect, test } from "vitest";
import { readText } from "./markdown.js";

/** CHANGELOG.md may name removed scripts. */
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "docs/deploy.md",
  "docs/growth.md",
  "docs/licences.md",
  ".github/pull_request_template.md",
];

test.each(pages)("%s names only npm scripts that exist", async (page) => {
  const { scripts } = JSON.parse(await readText("package.json"));
  const mentions = [...(await readText(page)).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
  expect(mentions.filter((name) => !Object.hasOwn(scripts, name ?? ""))).toEqual([]);
});
