import { type EnvName, isRequired, variables } from "../../lib/env/variables.js";
import { routes } from "../../lib/routes.js";
import { repository } from "./repository.js";

/** One row per path and guard, in the order of the document. */
function routeRows(): string[] {
  const rows = new Map<string, string[]>();
  for (const { method, path, auth, summary } of routes) {
    const guard = auth === "none" ? "" : auth.replace("-", " ");
    const key = `\`${path}\` | ${guard}`;
    rows.set(key, [...(rows.get(key) ?? []), `**${method.toUpperCase()}** ${summary}`]);
  }
  return [...rows].map(([key, operations]) => `| ${key} | ${operations.join(" · ")} |`);
}

const names = Object.keys(variables) as EnvName[];

const envRows = names.map(
  (name) => `| \`${name}\` | ${isRequired(name) ? "yes" : ""} | ${variables[name].description} |`,
);

/** Vercel asks for each variable by name and shows one description for all of them. */
function deployButton(): string {
  const required = names.filter(isRequired);
  const url = new URL("https://vercel.com/new/clone");
  url.search = new URLSearchParams({
    "repository-url": repository,
    "project-name": "latchkey",
    env: required.join(","),
    envDescription: required.map((name) => `${name}: ${variables[name].description}`).join(" "),
    envLink: `${repository}#environment`,
  }).toString();
  return `[![Deploy with Vercel](https://vercel.com/button)](${url})`;
}

const tables: Record<string, string[]> = {
  deploy: [deployButton()],
  routes: ["| path | guard | what it does |", "|---|---|---|", ...routeRows()],
  variables: ["| variable | required | what it is for |", "|---|---|---|", ...envRows],
};

/**
 * The README with fresh tables, each between two comments that name it.
 * @throws Error if the README lacks the comments of a table
 */
export function readmeWithTables(readme: string): string {
  let text = readme;
  for (const [name, rows] of Object.entries(tables)) {
    const place = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`);
    if (!place.test(text))
      throw new Error(`README.md has no <!-- ${name} --> … <!-- /${name} --> for its table`);
    text = text.replace(place, (_match, start: string, end: string) => `${start}${rows.join("\n")}\n${end}`);
  }
  return text;
}
