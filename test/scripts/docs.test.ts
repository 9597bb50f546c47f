import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Problem, problemCodes, problems } from "../../lib/problem.js";
import { routes } from "../../lib/routes.js";
import { deriveFiles } from "../../scripts/build/derived-files.js";
import { type Overrides, writeDocument } from "../../scripts/build/document.js";
import { writeStaticFiles } from "../../scripts/build/static-files.js";
import { buildDocument, formatDocument } from "../../scripts/openapi/document.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
let staticDir: string;
let overrides: Overrides;

beforeAll(async () => {
  staticDir = await mkdtemp(join(tmpdir(), "latchkey-docs-"));
  const web = await writeStaticFiles(root, staticDir);
  const docs = await writeDocument(staticDir, await deriveFiles(), web.assets);
  overrides = { ...web.overrides, ...docs };
});
afterAll(() => rm(staticDir, { recursive: true, force: true }));

const read = (file: string) => readFile(join(staticDir, file), "utf8");
const attributes = (html: string, name: "href" | "src") =>
  [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))].map((match) => match[1] ?? "");

/** The assets of a page with this extension. */
const assetsOf = (html: string, extension: string) =>
  Promise.all(
    [...attributes(html, "href"), ...attributes(html, "src")]
      .filter((path) => path.startsWith("/assets/") && path.endsWith(extension))
      .map(read),
  );

/** Whether the deployment serves a path: from a file, from a page without its `.html`, or as the home page. */
async function isServed(path: string): Promise<boolean> {
  const pages = Object.values(overrides).map((page) => `/${page.path}`);
  if (path === "/" || pages.includes(path)) return true;
  return access(join(staticDir, path)).then(
    () => true,
    () => false,
  );
}

test("the deployed document is the one that the contracts build", async () => {
  expect(await read("api/openapi.json")).toBe(formatDocument(buildDocument()));
});

test("both pages are served without .html, as HTML", () => {
  const contentType = "text/html; charset=utf-8";
  expect(overrides).toMatchObject({
    "api/docs.html": { path: "api/docs", contentType },
    "problems.html": { path: "problems", contentType },
  });
});

describe.each(["api/docs.html", "problems.html"])("%s", (file) => {
  test("links only to paths that the deployment serves itself", async () => {
    const html = await read(file);
    const targets = [...attributes(html, "href"), ...attributes(html, "src")];
    expect(targets.length).toBeGreaterThan(4);
    for (const target of targets) {
      if (target.startsWith("#")) continue;
      expect(target).toMatch(/^\/(?!\/)/);
      expect(await isServed(target.replace(/#.*/, "")), target).toBe(true);
    }
  });

  test("has no inline script, style or handler, so that a strict content security policy fits", async () => {
    const html = await read(file);
    for (const [, attribute] of html.matchAll(/<script([^>]*)>/g)) expect(attribute).toContain(" src=");
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
  });

  test("has style sheets that load nothing from another host", async () => {
    const styles = await assetsOf(await read(file), ".css");
    expect(styles).toHaveLength(2);
    for (const style of styles) {
      expect(style).not.toContain("@import");
      for (const [, url] of style.matchAll(/url\(\s*["']?([^"')]*)/g)) expect(url).toMatch(/^data:/);
    }
  });
});

describe("the API reference", () => {
  test("shows our document, and asks neither a validator nor any other host", async () => {
    const [vendor = "", own = ""] = await assetsOf(await read("api/docs.html"), ".js");
    expect(vendor).toContain("SwaggerUIBundle");
    expect(own).toContain('"/api/openapi.json"');
    expect(own).toContain("validatorUrl:null");
    expect(own).not.toMatch(/https?:/);
  });

  test("ships the licence of Swagger UI", async () => {
    const [licence, notice] = await Promise.all([read("api/docs/LICENSE"), read("api/docs/NOTICE")]);
    expect(licence).toContain("Apache License");
    expect(notice).toContain("swagger-ui");
  });
});

describe("the problems page", () => {
  test("has one entry for each code, with its status, at the address in the problem's type", async () => {
    const html = await read("problems.html");
    const entries = [...html.matchAll(/<section id="([^"]+)"[\s\S]*?class="status">(\d+)</g)];
    expect(entries.map(([, id, status]) => [id, Number(status)])).toEqual(
      problemCodes.map((code) => [code, problems[code].status]),
    );
    const { type } = await new Problem("not-found").toResponse("request-id").json();
    const [path, anchor] = String(type).split("#");
    expect(await isServed(path ?? "")).toBe(true);
    expect(html).toContain(`id="${anchor}"`);
  });

  test("links to operations that the API reference has", async () => {
    const html = await read("problems.html");
    const links = attributes(html, "href").filter((target) => target.startsWith("/api/docs#"));
    const known = routes.map(({ tag, id }) => `/api/docs#/${tag}/${id}`);
    expect(links.length).toBeGreaterThan(routes.length);
    expect(links.filter((link) => !known.includes(link))).toEqual([]);
  });

  test("shows code spans of the catalogue as code, and leaves no Markdown", async () => {
    const html = await read("problems.html");
    expect(html).toContain("<code>npm run doctor</code>");
    expect(html).not.toContain("`");
  });
});
