import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Problem, problemCodes, problems } from "../../lib/problem.js";
import { routes } from "../../lib/routes.js";
import { type Overrides, writeDocument } from "../../scripts/build/document.js";
import { state } from "../../scripts/build/stated.js";
import { buildDocument, formatDocument } from "../../scripts/openapi/document.js";

let staticDir: string;
let overrides: Overrides;

beforeAll(async () => {
  staticDir = await mkdtemp(join(tmpdir(), "latchkey-docs-"));
  overrides = await writeDocument(staticDir, await state());
});
afterAll(() => rm(staticDir, { recursive: true, force: true }));

const read = (file: string) => readFile(join(staticDir, file), "utf8");
const attributes = (html: string, name: "href" | "src") =>
  [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))].map((match) => match[1] ?? "");
const exists = (file: string | URL) =>
  access(file).then(
    () => true,
    () => false,
  );

/** Whether the deployment serves it: written here, copied from `web/`, or the home page. */
async function isServed(path: string): Promise<boolean> {
  const pages = Object.values(overrides).map((page) => `/${page.path}`);
  if (path === "/" || pages.includes(path)) return true;
  return (
    (await exists(join(staticDir, path))) || (await exists(new URL(`../../web${path}`, import.meta.url)))
  );
}

test("the deployed document is the one that is built", async () => {
  expect(await read("api/openapi.json")).toBe(formatDocument(buildDocument()));
});

test("both pages have a path without .html and are sent as HTML", () => {
  const contentType = "text/html; charset=utf-8";
  expect(overrides).toEqual({
    "api/docs.html": { path: "api/docs", contentType },
    "problems.html": { path: "problems", contentType },
  });
});

describe.each(["api/docs.html", "problems.html"])("%s", (file) => {
  test("refers only to paths of its own host that are served", async () => {
    const html = await read(file);
    const targets = [...attributes(html, "href"), ...attributes(html, "src")];
    expect(targets.length).toBeGreaterThan(4);
    for (const target of targets) {
      if (target.startsWith("#")) continue;
      expect(target).toMatch(/^\/(?!\/)/);
      expect(await isServed(target.replace(/#.*/, "")), target).toBe(true);
    }
  });

  test("has no script, style or handler in itself, so that a strict content security policy fits", async () => {
    const html = await read(file);
    for (const [, attribute] of html.matchAll(/<script([^>]*)>/g)) expect(attribute).toContain(" src=");
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
  });
});

describe("the files of the docs page", () => {
  test("load nothing from another host by themselves", async () => {
    const styles = await Promise.all(
      ["swagger-ui.css", "docs.css", "problems.css"].map((file) => read(`api/docs/${file}`)),
    );
    for (const style of styles) {
      expect(style).not.toContain("@import");
      for (const [, url] of style.matchAll(/url\(\s*["']?([^"')]*)/g)) expect(url).toMatch(/^data:/);
    }
    expect(await read("api/docs/docs.js")).not.toMatch(/https?:/);
  });

  test("show our document and ask no validator on another host", async () => {
    const script = await read("api/docs/docs.js");
    expect(script).toContain('"/api/openapi.json"');
    expect(script).toContain("validatorUrl:null");
  });

  test("contain the licence of what they bundle", async () => {
    const [licence, notice] = await Promise.all([read("api/docs/LICENSE"), read("api/docs/NOTICE")]);
    expect(licence).toContain("Apache License");
    expect(notice).toContain("swagger-ui");
  });
});

describe("the problems page", () => {
  test("has one entry for each code, with its status, where the problem's type points", async () => {
    const html = await read("problems.html");
    const entries = [...html.matchAll(/<section id="([^"]+)"[\s\S]*?class="status">(\d+)</g)];
    expect(entries.map(([, id, status]) => [id, Number(status)])).toEqual(
      problemCodes.map((code) => [code, problems[code].status]),
    );
    const { type } = await new Problem("conflict").toResponse("request-id").json();
    const [path, anchor] = String(type).split("#");
    expect(await isServed(path ?? "")).toBe(true);
    expect(html).toContain(`id="${anchor}"`);
  });

  test("leads to operations that the docs page has", async () => {
    const html = await read("problems.html");
    const links = attributes(html, "href").filter((target) => target.startsWith("/api/docs#"));
    const known = routes.map(({ tag, id }) => `/api/docs#/${tag}/${id}`);
    expect(links.length).toBeGreaterThan(routes.length);
    expect(links.filter((link) => !known.includes(link))).toEqual([]);
  });

  test("shows code spans of the catalogue as code, and none of its text as markup", async () => {
    const html = await read("problems.html");
    expect(html).toContain("<code>npm run doctor</code>");
    expect(html).not.toContain("`");
  });
});
