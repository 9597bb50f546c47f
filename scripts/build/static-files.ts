import { cp, mkdir, readdir } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { build } from "esbuild";
import { allDone } from "./all-done.js";
import type { Overrides } from "./document.js";

const bundled = /^[^/]+\.(ts|css)$/;
const copied = /\.(html|txt|svg|png|jpe?g|gif|webp|avif|ico|woff2|webmanifest)$/;

/**
 * Builds `web/` into `staticDir`: the scripts and style sheets at its top with what they import, the rest copied,
 * pages at their URL without `.html`.
 */
export async function writeStaticFiles(root: string, staticDir: string): Promise<Overrides> {
  await mkdir(staticDir, { recursive: true });
  const webDir = join(root, "web");
  const files = (await readdir(webDir, { recursive: true })).map((file) => file.split(sep).join("/"));
  const entries = files.filter((file) => bundled.test(file) && !file.endsWith(".d.ts"));
  const others = files.filter((file) => copied.test(file));
  await allDone([bundle(root, entries, staticDir), copyFiles(webDir, others, staticDir)]);
  return pageOverrides(others);
}

async function bundle(root: string, entries: string[], staticDir: string): Promise<void> {
  if (entries.length === 0) return;
  await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => `./web/${entry}`),
    outbase: "web",
    outdir: staticDir,
    bundle: true,
    // One file for a page: what it imports lazily is small, and would cost a trip each.
    splitting: false,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["workspace"],
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
    logLevel: "silent",
  });
}

async function copyFiles(from: string, files: string[], to: string): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await cp(join(from, file), join(to, file));
  }
}

function pageOverrides(files: string[]): Overrides {
  const pages = files.filter((file) => file.endsWith(".html") && !/(^|\/)index\.html$/.test(file));
  const contentType = "text/html; charset=utf-8";
  return Object.fromEntries(
    pages.map((page) => [page, { path: page.slice(0, -".html".length), contentType }]),
  );
}
