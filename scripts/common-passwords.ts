import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { dictionary } from "@zxcvbn-ts/language-common";
import { passwordLength } from "../lib/auth/limits.js";

const target = new URL("../lib/auth/common-passwords.ts", import.meta.url);
const count = 3_000;

/** The source of lib/auth/common-passwords.ts: the most common passwords that are long enough to be accepted. */
export function commonPasswordsSource(): string {
  const words = dictionary["passwords-common"]
    .map(String)
    .filter((word) => word.length >= passwordLength.min);
  const lines = words.slice(0, count).join("\n");
  return `// Written by scripts/common-passwords.ts from @zxcvbn-ts/language-common (MIT), most common first.
const list = \`
${lines}
\`;

/** The ${count} most common passwords of at least ${passwordLength.min} characters (ASVS 6.2.4), in lower case. */
export const commonPasswords: ReadonlySet<string> = new Set(list.trim().split("\\n"));
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(target, commonPasswordsSource());
