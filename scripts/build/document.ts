import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Assets, linkAssets, writeAsset } from "./assets.js";
import type { DerivedFiles } from "./derived-files.js";

/** Static files with another URL or content type than their path implies, by path below the static folder. */
export type Overrides = Record<string, { path: string; contentType?: string }>;

const sources = fileURLToPath(new URL("docs/", import.meta.url));
const swaggerUiDir = () => dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

/** Adds the OpenAPI document, the page that shows it, and the problems page to the static files. */
export async function writeDocument(
  staticDir: string,
  { document, problemsPage }: Pick<DerivedFiles, "document" | "problemsPage">,
  webAssets: Assets,
): Promise<Overrides> {
  const api = join(staticDir, "api");
  await mkdir(api, { recursive: true });
  const vendor = swaggerUiDir();
  const assets = new Map([...webAssets, ...(await writeDocsAssets(staticDir, vendor))]);
  const docsPage = await readFile(join(sources, "docs.html"), "utf8");
  await Promise.all([
    writeFile(join(api, "openapi.json"), document),
    writeFile(join(staticDir, "problems.html"), linkAssets(problemsPage, assets)),
    writeFile(join(api, "docs.html"), linkAssets(docsPage, assets)),
    copyLicences(vendor, join(api, "docs")),
  ]);
  const contentType = "text/html; charset=utf-8";
  return {
    "api/docs.html": { path: "api/docs", contentType },
    "problems.html": { path: "problems", contentType },
  };
}

async function writeDocsAssets(staticDir: string, vendor: string): Promise<[string, string][]> {
  const copied = [
    join(vendor, "swagger-ui-bundle.js"),
    join(vendor, "swagger-ui.css"),
    join(sources, "docs.css"),
    join(sources, "problems.css"),
  ];
  return Promise.all([
    ...copied.map(async (file) => writeAsset(staticDir, basename(file), await readFile(file))),
    bundlePageScript().then((script) => writeAsset(staticDir, "docs.js", script)),
  ]);
}

async function copyLicences(vendor: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = ["swagger-ui-bundle.js.LICENSE.txt", "LICENSE", "NOTICE"];
  await Promise.all(files.map((file) => copyFile(join(vendor, file), join(folder, file))));
}

async function bundlePageScript(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(sources, "docs.ts")],
    write: false,
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
  });
  const [script] = outputFiles;
  if (!script) throw new Error("esbuild wrote no script for the docs page.");
  return script.contents;
}
