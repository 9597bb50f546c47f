import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { bannedPhrases } from "./banned-words.js";
import { proseIn } from "./prose-in.js";

const root = resolve(import.meta.dirname, "../..");

/** Generated files, applied migrations (their hash is recorded), and the list of banned words itself. */
const exempt =
  /^(?:package-lock\.json|openapi\.json|lib\/auth\/common-passwords\.ts|packages\/client\/src\/schema\.ts|db\/migrations\/|test\/prose\/|bench\/package-lock\.json|docs\/licences\.md)/;

const trackedFiles = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file && !exempt.test(file));

function bannedIn(file: string, source: string): string[] {
  return proseIn(file, source).flatMap(({ line, text }) =>
    bannedPhrases.flatMap(({ pattern, instead }) => {
      const match = pattern.exec(text);
      if (!match) return [];
      const context = text.slice(Math.max(0, match.index - 40), match.index + 60);
      return [`${file}:${line} "${match[0].trim()}": write ${instead} (… ${context} …)`];
    }),
  );
}

test("comments, titles, messages and documents avoid the banned words", () => {
  const found = trackedFiles.flatMap((file) => bannedIn(file, readFileSync(resolve(root, file), "utf8")));
  expect(found).toEqual([]);
});

test.each([
  ["a comment", "a.ts", "// This was done meanwhile.", 1],
  ["a test title", "a.test.ts", 'test("refuses what is not there at once", () => {});', 1],
  ["a template", "a.ts", "const message = `Log in to the page anew`;", 2],
  ["text of a page", "a.tsx", "const a = <p>Somebody has logged out</p>;", 2],
  ["a document", "a.md", "The rest is under way.\n", 1],
  ["SQL", "a.ts", "const q = sql`select case when a then b else c end from t`;", 0],
  ["inline code of a document", "a.md", "Set `COOKIE_SAMESITE=None`, or `none at once`.\n", 0],
  ["an identifier", "a.ts", "const whom = auth === 'none';", 0],
])("the search looks at %s", (_where, file, source, count) => {
  expect(bannedIn(file, source)).toHaveLength(count);
});
