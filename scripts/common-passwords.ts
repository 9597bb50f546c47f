import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { dictionary } from "@zxcvbn-ts/language-common";
import { passwordLength } from "../lib/auth/limits.js";
import { stemsOf } from "../lib/auth/password-stem.js";

const target = new URL("../lib/auth/common-passwords.ts", import.meta.url);
const passwordCount = 3_000;
const wordCount = 400;
const shortestWord = 4;

const all = dictionary["passwords-common"].map(String);

/** The most common passwords that are long enough to be accepted. */
export const longPasswords = all.filter((text) => text.length >= passwordLength.min).slice(0, passwordCount);

/** The most common words that digits or signs would make long enough. */
const words = all
  .filter((text) => /^[a-z]+$/.test(text) && text.length >= shortestWord && text.length < passwordLength.min)
  .slice(0, wordCount);

/** The source of lib/auth/common-passwords.ts. Leaves out passwords that are another one with digits or signs. */
export function commonPasswordsSource(): string {
  const known = new Set([...longPasswords, ...words]);
  const passwords = longPasswords.filter(
    (text) => ![...stemsOf(text)].slice(1).some((stem) => known.has(stem)),
  );
  return `// Written by scripts/common-passwords.ts from @zxcvbn-ts/language-common (MIT), most common first.
const passwords = \`
${passwords.join("\n")}
\`;

const words = \`
${words.join("\n")}
\`;

const toSet = (list: string): ReadonlySet<string> => new Set(list.trim().split("\\n"));

/**
 * The ${passwordCount} most common passwords of at least ${passwordLength.min} characters (ASVS 6.2.4), in lower case, without those that are
 * another one with digits or signs at its end.
 */
export const commonPasswords = toSet(passwords);

/** The ${wordCount} most common shorter passwords of letters. */
export const commonWords = toSet(words);
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(target, commonPasswordsSource());
