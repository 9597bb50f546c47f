import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, startServer } from "../../dev/vercel/start.js";
import { linkAssets } from "../../scripts/build/assets.js";
import { writeStaticFiles } from "../../scripts/build/static-files.js";
import { build } from "../../scripts/build.js";
import { writeProject } from "./build-fixture.js";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function temporary(folder: Promise<string>): Promise<string> {
  folders.push(await folder);
  return folder;
}

async function writeTo(root: string) {
  const staticDir = await temporary(mkdtemp(join(tmpdir(), "latchkey-static-")));
  return { staticDir, ...(await writeStaticFiles(root, staticDir)) };
}

test("scripts and style sheets are bundled into assets/, and no source is published", async () => {
  const { staticDir, assets } = await writeTo(await temporary(writeProject()));
  expect([...assets.keys()].sort()).toEqual(["login.js", "style.css"]);
  const files = await readdir(staticDir, { recursive: true });
  expect(files.filter((file) => file.endsWith(".ts") || file.startsWith("page"))).toEqual([]);
  expect(await readFile(join(staticDir, assets.get("login.js") ?? ""), "utf8")).toContain("greeted");
});

test("an asset keeps its address while its content stays the same, and gets a new one when it changes", async () => {
  const root = await temporary(writeProject());
  const { assets: before } = await writeTo(root);
  await writeFile(join(root, "web/style.css"), "body { margin: 1px }");
  const { assets: after } = await writeTo(root);
  expect(before.get("login.js")).toMatch(/^\/assets\/login-[0-9A-Z]{8}\.js$/);
  expect(after.get("login.js")).toBe(before.get("login.js"));
  expect(after.get("style.css")).toMatch(/^\/assets\/style-[0-9A-Z]{8}\.css$/);
  expect(after.get("style.css")).not.toBe(before.get("style.css"));
});

test("a page starts with one script, and the scripts that it loads on demand import that one", async () => {
  const late = `import { greet } from "./greet.ts"; greet(); export const late = "loaded late";`;
  const project = writeProject({
    "web/login.ts": `import { greet } from "./page/greet.ts"; greet(); void import("./page/late.ts");`,
    "web/page/late.ts": late,
  });
  const { staticDir, assets } = await writeTo(await temporary(project));
  const path = assets.get("login.js") ?? "";
  const script = await readFile(join(staticDir, path), "utf8");
  expect(script).toContain("greeted");
  expect(script).not.toMatch(/loaded late|\bfrom"|\bimport"/);
  const lateName = /import\("\.\/(late-[0-9A-Z]{8}\.js)"\)/.exec(script)?.[1] ?? "";
  const lateScript = await readFile(join(staticDir, "assets", lateName), "utf8");
  expect(lateScript).toContain("loaded late");
  expect(lateScript).not.toContain("greeted");
  expect(/from"\.\/([^"]+)"/.exec(lateScript)?.[1]).toBe(basename(path));
});

test("a page that refers to an unknown asset fails the build", () => {
  const html = '<script src="/assets/gone.js"></script>';
  expect(() => linkAssets(html, new Map([["index.js", "/assets/index-1.js"]]))).toThrow("/assets/gone.js");
});

describe("the served build", () => {
  let server: RunningServer;
  beforeAll(async () => {
    const root = await temporary(writeProject());
    const output = join(root, ".vercel/output");
    await build({ outDir: output, mode: "fit", root });
    server = await startServer({ output, vercelJson: join(root, "vercel.json"), port: 0 });
  });
  afterAll(() => server?.stop());

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(server.origin + path, { headers });
  const cacheControl = (response: Response) => response.headers.get("cache-control");
  const revalidated = "public, max-age=0, must-revalidate";
  const immutable = "public, max-age=31536000, immutable";

  test.each([
    ["/", "style.css", "text/css"],
    ["/login", "login.js", "application/javascript"],
  ])("the page %s is revalidated, and refers to its %s, which is immutable", async (path, name, type) => {
    const page = await get(path);
    expect(cacheControl(page)).toBe(revalidated);
    const asset = /="(\/assets\/[^"]+)"/.exec(await page.text())?.[1] ?? "";
    expect(asset).toMatch(new RegExp(`^/assets/${name.replace(".", "-[0-9A-Z]{8}\\.")}$`));
    const response = await get(asset);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain(type);
    expect(cacheControl(response)).toBe(immutable);
    const repeated = await get(asset, { "if-none-match": response.headers.get("etag") ?? "" });
    expect(repeated.status).toBe(304);
    expect(cacheControl(repeated)).toBe(immutable);
  });

  test("an unknown asset is 404, which caches must revalidate", async () => {
    for (const path of ["/assets/login-0123456789.js", "/assets/login.js", "/assets/", "/login.js"]) {
      const response = await get(path);
      expect(response.status, path).toBe(404);
      expect(cacheControl(response), path).toBe(revalidated);
    }
  });

  test("the files of the API reference are assets too", async () => {
    const html = await (await get("/api/docs")).text();
    const assets = [...html.matchAll(/="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
    expect(assets).toHaveLength(4);
    for (const asset of assets) expect(cacheControl(await get(asset)), asset).toBe(immutable);
  });
});
