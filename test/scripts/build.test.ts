import { access, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type RunningServer, startServer } from "../../dev/vercel/start.js";
import { coreRoutes, hobbyFunctionLimit } from "../../scripts/build/core-routes.js";
import { type BuildResult, build } from "../../scripts/build.js";
import { writeProject } from "./build-fixture.js";

const nativeFile = /argon2.*\.node$/;
// These start processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const roots: string[] = [];

async function project(extra?: Record<string, string>): Promise<string> {
  const root = await writeProject(extra);
  roots.push(root);
  return root;
}

afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true, force: true }))));

function functionNamed(result: BuildResult, name: string) {
  const found = result.functions.find((built) => built.name === name);
  if (!found) throw new Error(`No function ${name}.`);
  return found;
}

async function functionDirs(outDir: string): Promise<string[]> {
  const entries = await readdir(join(outDir, "functions"), { recursive: true });
  return entries.filter((entry) => entry.endsWith(".func")).sort();
}

describe.each(["fit", "each"] as const)("a build in mode %s", (mode) => {
  let root: string;
  let outDir: string;
  let result: BuildResult;
  let server: RunningServer;

  beforeAll(async () => {
    root = await project();
    outDir = join(root, ".vercel/output");
    result = await build({ outDir, mode, root, measure: true });
    server = await startServer({ output: outDir, vercelJson: join(root, "vercel.json"), port: 0 });
  }, 60_000);
  afterAll(() => server.stop());

  async function get(path: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(server.origin + path);
    return { status: response.status, body: await response.json() };
  }

  async function send(method: string, path: string): Promise<string> {
    return (await fetch(server.origin + path, { method })).text();
  }

  test.each([
    ["/api/tasks", "tasks/index"],
    ["/api/tasks/7", "tasks/[id]"],
    ["/api/tasks/changes", "tasks/changes"],
    ["/api/auth/login", "auth/login"],
    ["/api/admin/users", "admin/users/index"],
    ["/api/admin/users/7?id=evil", "admin/users/[id]"],
    ["/api/health", "health"],
    ["/.well-known/jwks.json", "jwks"],
  ])("serves %s from the file %s, which sees the URL as it was asked for", async (path, by) => {
    expect(await get(path)).toEqual({ status: 200, body: { by, url: server.origin + path } });
  });

  test.each(["/api/unknown", "/api/tasks/7/unknown", "/api/_shared-thing/unknown", "/API/tasks/x/unknown"])(
    "has the health app answer %s, which no file serves",
    async (path) => {
      expect(await get(path)).toEqual({ status: 404, body: { code: "not-found", by: "health" } });
    },
  );

  test("serves pages without .html, index.html at / and 404.html for unknown pages", async () => {
    const pages = ["/login", "/", "/nothing-here"].map(async (path) => {
      const response = await fetch(server.origin + path);
      return [response.status, response.headers.get("content-type"), await response.text()];
    });
    const html = "text/html; charset=utf-8";
    expect(await Promise.all(pages)).toEqual([
      [200, html, "<title>log in</title>"],
      [200, html, "<title>start</title>"],
      [404, html, "<title>not found</title>"],
    ]);
  });

  test("bundles the scripts of web/ with what they import", async () => {
    const files = await readdir(join(outDir, "static"), { recursive: true });
    expect(files).toEqual(expect.arrayContaining(["index.html", "login.html", "login.js", "style.css"]));
    expect(files.filter((file) => file.endsWith(".ts") || file.startsWith("page"))).toEqual([]);
    expect(await readFile(join(outDir, "static/login.js"), "utf8")).toContain("greeted");
  });

  test("hashes with the native package, which travels only in the function that reaches it", async () => {
    expect(await send("POST", "/api/auth/login")).toMatch(/^\$argon2id\$/);
    for (const dir of await functionDirs(outDir)) {
      const files = await readdir(join(outDir, "functions", dir), { recursive: true });
      expect(
        files.some((file) => nativeFile.test(file)),
        dir,
      ).toBe(dir === "api/auth/login.func");
    }
  });

  test("gives bundled CommonJS the require it calls", async () => {
    expect(await send("POST", "/api/auth/me")).toBe("/");
  });

  test("keeps what is imported lazily out of what a function loads first", async () => {
    const { modules, eager } = functionNamed(result, "/api/auth/me");
    expect(modules).toContain("lib/rarely.ts");
    expect(eager).not.toContain("lib/rarely.ts");
    expect(await send("PUT", "/api/auth/me")).toBe("rarely needed");
  });

  test("lists the modules each function reaches", () => {
    const reaching = (module: string) =>
      result.functions.filter((built) => built.modules.includes(module)).map((built) => built.name);
    expect(reaching("@node-rs/argon2")).toEqual(["/api/auth/login"]);
    expect(reaching("lib/passwords.ts")).toEqual(["/api/auth/login"]);
    expect(reaching("api/tasks/index.ts")).toEqual(["/api/tasks"]);
  });

  test("writes its report next to the output and leaves nothing else there", async () => {
    const report = JSON.parse(await readFile(join(root, ".vercel/build-report.json"), "utf8"));
    expect(report).toEqual(JSON.parse(JSON.stringify(result)));
    expect((await readdir(join(root, ".vercel"))).sort()).toEqual(["build-report.json", "output"]);
  });

  test("imports every function in a process outside the project", () => {
    for (const { name, importMs } of result.functions) expect(importMs, name).toBeGreaterThan(0);
  });
});

test("mode fit stays within the functions of a Hobby plan: one for each core route, one for all others", async () => {
  const root = await project();
  const { functions } = await build({ outDir: join(root, "out"), mode: "fit", root });
  expect(functions).toHaveLength(coreRoutes.length + 1);
  expect(functions.length).toBeLessThanOrEqual(hobbyFunctionLimit);
  expect(await functionDirs(join(root, "out"))).toHaveLength(functions.length);
});

test("mode each gives every route file a function", async () => {
  const root = await project();
  const { functions } = await build({ outDir: join(root, "out"), mode: "each", root });
  expect(functions).toHaveLength(coreRoutes.length + 5);
  for (const { routes } of functions) expect(routes).toHaveLength(1);
});

test("a function for Vercel names its runtime, its entry and its limits", async () => {
  const root = await project();
  await build({ outDir: join(root, "out"), mode: "fit", root });
  const file = join(root, "out/functions/api/tasks/[id].func/.vc-config.json");
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
    runtime: "nodejs24.x",
    handler: "index.mjs",
    launcherType: "Nodejs",
    shouldAddHelpers: false,
    supportsResponseStreaming: true,
    maxDuration: 30,
  });
});

test("an import that cannot be resolved fails the build with its place, and the output stays as it was", async () => {
  const root = await project();
  const outDir = join(root, ".vercel/output");
  await build({ outDir, mode: "fit", root });
  await writeFile(join(root, "api/auth/me.ts"), `import "./nowhere.js"; export default {};`);
  await expect(build({ outDir, mode: "fit", root })).rejects.toThrow(
    /api\/auth\/me\.ts:1:7: ERROR: Could not resolve "\.\/nowhere\.js"/,
  );
  await access(join(outDir, "functions/api/auth/me.func/index.mjs"));
  expect((await readdir(join(root, ".vercel"))).sort()).toEqual(["build-report.json", "output"]);
});

test("a function that cannot be imported outside the project fails a measured build", async () => {
  const root = await project({ "api/broken.ts": `throw new Error("no such luck"); export default {};` });
  const built = build({ outDir: join(root, "out"), mode: "each", root, measure: true });
  await expect(built).rejects.toThrow("no such luck");
});

test("two files for one URL fail the build", async () => {
  const root = await project({ "api/tasks.ts": "export default {};" });
  await expect(build({ outDir: join(root, "out"), mode: "fit", root })).rejects.toThrow(
    /both serve \/api\/tasks\./,
  );
});

test("a project without the app that answers unknown paths fails the build", async () => {
  const root = await project();
  await rm(join(root, "api/health.ts"));
  await expect(build({ outDir: join(root, "out"), mode: "fit", root })).rejects.toThrow(
    "api/health.ts is missing",
  );
});
