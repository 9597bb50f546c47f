import type { Alias } from "./aliases.js";
import type { RouteFile } from "./route-files.js";

/** The source of a shared function. It runs the app of the route file that matches the requested URL. */
export function sharedFunctionSource(
  routes: RouteFile[],
  fallback: RouteFile,
  aliases: Alias[],
  { isLazy }: { isLazy: boolean },
): string {
  const imports = isLazy
    ? []
    : routes.map(({ file }, i) => `import * as route${i} from ${JSON.stringify(file)};`);
  const load = (route: RouteFile) =>
    isLazy ? `() => import(${JSON.stringify(route.file)})` : `() => route${routes.indexOf(route)}`;
  const entries = routes.map((route) => `[${regExp(route.pattern)}, ${load(route)}]`);
  const rewrites = aliases.map(({ src, dest }) => `[${regExp(src)}, ${JSON.stringify(dest)}]`);
  return `
${imports.join("\n")}
const routes = [${entries.join(",\n")}];
const aliases = [${rewrites.join(",\n")}];
const fallback = ${load(fallback)};

const find = (path) => routes.find(([pattern]) => pattern.test(path))?.[1];

function findRewritten(path) {
  for (const [source, destination] of aliases) {
    if (source.test(path)) return find(path.replace(source, destination).split("?")[0]);
  }
}

export default {
  async fetch(request, ...rest) {
    const path = new URL(request.url).pathname;
    const load = find(path) ?? findRewritten(path) ?? fallback;
    const { default: app } = await load();
    return app.fetch(request, ...rest);
  },
};
`;
}

function regExp(source: string): string {
  return `new RegExp(${JSON.stringify(source)})`;
}
