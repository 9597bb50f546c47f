import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Stated } from "./stated.js";

/** Where a static file is served when not at its own path; keyed by its path below the static folder. */
export type Overrides = Record<string, { path: string; contentType?: string }>;

const sources = fileURLToPath(new URL("docs/", import.meta.url));
const swaggerUi = () => dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

/** Adds the API's document, the page that shows it, and the page of the problems to the static files. */
export async function writeDocument(
  staticDir: string,
  { document, problemsPage }: Pick<Stated, "document" | "problemsPage">,
): Promise<Overrides> {
  const api = join(staticDir, "api");
  const assets = join(api, "docs");
  await mkdir(assets, { recursive: true });
  const vendor = swaggerUi();
  const vendored = [
    "swagger-ui-bundle.js",
    "swagger-ui-bundle.js.LICENSE.txt",
    "swagger-ui.css",
    "LICENSE",
    "NOTICE",
  ];
  await Promise.all([
    writeFile(join(api, "openapi.json"), document),
    writeFile(join(staticDir, "problems.html"), problemsPage),
    copyFile(join(sources, "docs.html"), join(api, "docs.html")),
    copyFile(join(sources, "docs.css"), join(assets, "docs.css")),
    copyFile(join(sources, "problems.css"), join(assets, "problems.css")),
    ...vendored.map((file) => copyFile(join(vendor, file), join(assets, file))),
    bundlePageScript(assets),
  ]);
  const contentType = "text/html; charset=utf-8";
  return {
    "api/docs.html": { path: "api/docs", contentType },
    "problems.html": { path: "problems", contentType },
  };
}

const bundlePageScript = (assets: string) =>
  build({
    entryPoints: [join(sources, "docs.ts")],
    outdir: assets,
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
  });
