import { type Patch, replaceMatches } from "./patch.js";

const pure = "/* @__PURE__ */";

/** Finds the minified name of a helper that the driver's own bundler emitted. */
function nameOfHelper(driver: string, what: string, pattern: RegExp): string {
  const name = pattern.exec(driver)?.[1];
  if (!name) throw new Error(`found no ${what}`);
  return name;
}

/**
 * The driver is one bundled file, so esbuild cannot tell which of its modules have side effects, and keeps a Postgres
 * client over WebSockets that no function uses. This marks calls that only create a value as pure: calls of the
 * bundler's helpers, base classes, and exports. esbuild then drops those that nothing reaches.
 */
function markPureCalls(driver: string): string {
  const wrapper = nameOfHelper(driver, "CommonJS wrapper", /\bvar (\w+)=\(r,e\)=>\(\)=>\{try\{return e\|\|/);
  const toModule = nameOfHelper(driver, "import helper", /\bvar (\w+)=\(r,e,t\)=>\(t=r!=null/);
  const setName = nameOfHelper(driver, "name helper", /\bvar (\w+)=\(r,e\)=>\w+\(r,"name"/);
  return [
    {
      what: "wrapped CommonJS module",
      pattern: new RegExp(`=(${wrapper}\\()`, "g"),
      replacement: `=${pure}$1`,
    },
    {
      what: "import of a CommonJS module",
      pattern: new RegExp(`=(${toModule}\\()(\\w+\\(\\)\\))`, "g"),
      replacement: `=${pure}$1${pure}$2`,
    },
    {
      what: "named function",
      pattern: new RegExp(`(?<=[;}]\\s*)${setName}\\(\\w+,"(?:[^"\\\\]|\\\\[^])*"\\)`, "g"),
      replacement: `${pure}$&`,
    },
    {
      what: "base class",
      pattern: /(?<=\bextends )\w+\.\w+(?=\{)/g,
      replacement: `${pure}(()=>$&)()`,
    },
    {
      what: "exported value",
      pattern: /(?<=\bvar export_\w+=)\w+\.\w+(?=;)/g,
      replacement: `${pure}(()=>$&)()`,
    },
  ].reduce(replaceMatches, driver);
}

/** The driver ships a Buffer for hosts without one. Node has its own. */
const useNodeBuffer = (driver: string): string =>
  replaceMatches(driver, {
    what: "choice between the driver's Buffer and the host's",
    pattern:
      /typeof globalThis\.Buffer=="function"&&typeof globalThis\.Buffer\.\s*allocUnsafe=="function"\?globalThis\.Buffer:\w+\(\)\s*\.Buffer/,
    replacement: "globalThis.Buffer",
  });

export const neonServerless: Patch = {
  packageName: "@neondatabase/serverless",
  version: "1.2.0",
  file: "index.mjs",
  apply: (driver) => useNodeBuffer(markPureCalls(driver)),
};
