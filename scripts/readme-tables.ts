import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { variables } from "../lib/env.js";
import { routes } from "../lib/routes.js";

const readme = new URL("../README.md", import.meta.url);

/** Whoever forks the project puts their own address here. */
const repository = "https://github.com/your-name/latchkey";

const routeRows = routes.map((op) => {
  const guard = op.auth === "none" ? "" : op.auth.replace("-", " ");
  return `| ${op.method.toUpperCase()} | \`${op.path}\` | ${op.summary} | ${guard} |`;
});

const envRows = Object.entries(variables).map(
  ([name, { required, description }]) => `| \`${name}\` | ${required ? "yes" : ""} | ${description} |`,
);

/** Vercel asks for each variable by name, and shows one text for all of them. */
function deployButton(): string {
  const required = Object.entries(variables).filter(([, variable]) => variable.required);
  const url = new URL("https://vercel.com/new/clone");
  url.search = new URLSearchParams({
    "repository-url": repository,
    "project-name": "latchkey",
    env: required.map(([name]) => name).join(","),
    envDescription: required.map(([name, { description }]) => `${name}: ${description}`).join(" "),
    envLink: `${repository}#environment`,
  }).toString();
  return `[![Deploy with Vercel](https://vercel.com/button)](${url})`;
}

const tables: Record<string, string[]> = {
  deploy: [deployButton()],
  routes: ["| method | path | what it does | guard |", "|---|---|---|---|", ...routeRows],
  variables: ["| variable | required | what it is for |", "|---|---|---|", ...envRows],
};

/** README.md with its tables as the code has them now, between comments that name them. */
export async function freshReadme(): Promise<string> {
  let text = await readFile(readme, "utf8");
  for (const [name, rows] of Object.entries(tables)) {
    const place = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`);
    if (!place.test(text)) throw new Error(`README.md has no place for the table of ${name}`);
    text = text.replace(place, (_whole, from: string, to: string) => `${from}${rows.join("\n")}\n${to}`);
  }
  return text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(readme, await freshReadme());
