import { type EnvName, isRequired, variables } from "../../lib/env/variables.js";

const heading =
  "# Copy this file to .env to use your own server, or to .env.production for commands with --production. `npm run dev` needs no settings: it generates its secrets.";

/** The text of .env.example: every variable, explained. */
export function envExample(): string {
  const entries = Object.entries(variables).map(([name, { description, hint, example }]) => {
    const required = isRequired(name as EnvName);
    const comments = [description, hint, required ? "Required." : "Optional."].map((line) => `# ${line}`);
    const value = /[\s<>]/.test(example) ? `"${example}"` : example;
    return [...comments, `${required ? "" : "# "}${name}=${value}`].join("\n");
  });
  return `${[heading, ...entries].join("\n\n")}\n`;
}
