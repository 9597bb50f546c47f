import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { allDone } from "./all-done.js";
import { type Assets, linkAssets } from "./assets.js";
import type { Overrides } from "./document.js";
import { bundlePageFile } from "./page-bundle.js";

const bundled = /^[^/]+\.(ts|css)$/;
const copied = /\.(txt|svg|png|jpe?g|gif|webp|avif|ico|woff2|webmanifest)$/;

export type StaticFiles = { overrides: Overrides; assets: Assets };

/**
 * Builds `web/` into `staticDir`. Scripts and style sheets at its top are bundled into `assets/`; other files keep
 * their paths, and pages are served without `.html`.
 */
export async function writeStaticFiles(root: string, staticDir: string): Promise<StaticFiles> {
  await mkdir(staticDir, { recursive: true });
  const webDir = join(root, "web");
  const files = (await readdir(webDir, { recursive: true })).map((file) => file.split(sep).join("/"));
  const entries = files.filter((file) => bundled.test(file) && !file.endsWith(".d.ts"));
  const pages = files.filter((file) => file.endsWith(".html"));
  const others = files.filter((file) => copied.test(file));
  const [bundles] = await allDone([
    allDone(entries.map((entry) => bundlePageFile(root, entry, staticDir))),
    copyFiles(webDir, others, staticDir),
  ]);
  const assets = new Map(bundles);
  await writePages(webDir, pages, staticDir, assets);
  return { overrides: pageOverrides(pages), assets };
}

async function writePages(from: string, pages: string[], to: string, assets: Assets): Promise<void> {
  for (const page of pages) {
    await mkdir(dirname(join(to, page)), { recursive: true });
    await writeFile(join(to, page), linkAssets(await readFile(join(from, page), "utf8"), assets));
  }
}

async function copyFiles(from: string, files: string[], to: string): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await cp(join(from, file), join(to, file));
  }
}

function pageOverrides(pages: string[]): Overrides {
  const contentType = "text/html; charset=utf-8";
  return Object.fromEntries(
    pages
      .filter((page) => !/(^|\/)index\.html$/.test(page))
      .map((page) => [page, { path: page.slice(0, -".html".length), contentType }]),
  );
}
