import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { variables } from "../lib/env.js";

const target = new URL("../.env.example", import.meta.url);

/** The text of .env.example: each variable with what it is for. */
export function envExample(): string {
  const entries = Object.entries(variables).map(([name, { description, hint, required, example }]) => {
    const lines = [description, hint, required ? "Required." : "Optional."].map((line) => `# ${line}`);
    return [
      ...lines,
      `${required ? "" : "# "}${name}=${/[\s<>]/.test(example) ? `"${example}"` : example}`,
    ].join("\n");
  });
  const head =
    "# Copy to .env for a server of your own. `npm run dev` needs none of it: it writes two secrets into .env itself.";
  return `${[head, ...entries].join("\n\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(target, envExample());
