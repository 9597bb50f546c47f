import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

const pure = "/* @__PURE__ */";

/** How the helpers of the driver's own bundler begin: of a CommonJS module, of an import of one, of a name. */
const helpers = {
  module: /\bvar (\w+)=\(r,e\)=>\(\)=>\{try\{return e\|\|/,
  imported: /\bvar (\w+)=\(r,e,t\)=>\(t=r!=null/,
  named: /\bvar (\w+)=\(r,e\)=>\w+\(r,"name"/,
};

/** The driver brings a Buffer for hosts that have none; Node is not one of them. */
const ownBuffer =
  /typeof globalThis\.Buffer=="function"&&typeof globalThis\.Buffer\.\s*allocUnsafe=="function"\?globalThis\.Buffer:\w+\(\)\s*\.Buffer/;

/**
 * The driver with a mark on every call that does nothing but make a value: of its bundler's helpers, of base classes,
 * of what it exports. It is one file, whose modules nobody else can tell from effects; with the marks esbuild drops
 * those that nothing reaches, a Postgres client over WebSockets. A driver written in another way stays as it is.
 */
function markPure(driver: string): string {
  const [module, imported, named] = [helpers.module, helpers.imported, helpers.named].map(
    (helper) => helper.exec(driver)?.[1],
  );
  if (!module || !imported || !named) return driver;
  return driver
    .replaceAll(new RegExp(`=(${module}\\()`, "g"), `=${pure}$1`)
    .replaceAll(new RegExp(`=(${imported}\\()(\\w+\\(\\)\\))`, "g"), `=${pure}$1${pure}$2`)
    .replaceAll(new RegExp(`(?<=[;}]\\s*)${named}\\(\\w+,"(?:[^"\\\\]|\\\\[^])*"\\)`, "g"), `${pure}$&`)
    .replaceAll(/(?<=\bextends )\w+\.\w+(?=\{)/g, `${pure}(()=>$&)()`)
    .replaceAll(/(?<=\bvar export_\w+=)\w+\.\w+(?=;)/g, `${pure}(()=>$&)()`)
    .replace(ownBuffer, "globalThis.Buffer");
}

export const trimDriver: Plugin = {
  name: "trim-driver",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules.@neondatabase.serverless.index\.mjs$/ }, async ({ path }) => ({
      contents: markPure(await readFile(path, "utf8")),
      loader: "js",
    }));
  },
};
