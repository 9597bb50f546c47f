import { access, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, startServer } from "../../dev/vercel/start.js";
import { coreRoutes, hobbyFunctionLimit, sharedFunctions } from "../../scripts/build/core-routes.js";
import { urlPath } from "../../scripts/build/route-files.js";
import { type BuildResult, build } from "../../scripts/build.js";
import { writeProject } from "./build-fixture.js";

const nativeFile = /argon2.*\.node$/;

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
  ])("serves %s from api/%s.ts, which sees the requested URL", async (path, by) => {
    expect(await get(path)).toEqual({ status: 200, body: { by, url: server.origin + path } });
  });

  test.each(["/api/unknown", "/api/tasks/7/unknown", "/api/_shared-thing/unknown", "/API/tasks/x/unknown"])(
    "returns 404 from the health app for %s, which no file serves",
    async (path) => {
      expect(await get(path)).toEqual({ status: 404, body: { code: "not-found", by: "health" } });
    },
  );

  test("serves pages without .html, index.html at /, and 404.html for unknown pages", async () => {
    const pages = ["/login", "/", "/nothing-here"].map(async (path) => {
      const response = await fetch(server.origin + path);
      const title = /<title>(.*)<\/title>/.exec(await response.text())?.[1];
      return [response.status, response.headers.get("content-type"), title];
    });
    const html = "text/html; charset=utf-8";
    expect(await Promise.all(pages)).toEqual([
      [200, html, "sign in"],
      [200, html, "start"],
      [404, html, "not found"],
    ]);
  });

  test("copies the native package only into the function that uses it", async () => {
    expect(await send("POST", "/api/auth/login")).toMatch(/^\$argon2id\$/);
    for (const dir of await functionDirs(outDir)) {
      const files = await readdir(join(outDir, "functions", dir), { recursive: true });
      expect(
        files.some((file) => nativeFile.test(file)),
        dir,
      ).toBe(dir === "api/auth/login.func");
    }
  });

  test("provides require to bundled CommonJS", async () => {
    expect(await send("POST", "/api/auth/me")).toBe("/");
  });

  test("keeps lazy imports out of the modules that a function loads first", async () => {
    const { modules, eager } = functionNamed(result, "/api/auth/me");
    expect(modules).toContain("lib/rarely.ts");
    expect(eager).not.toContain("lib/rarely.ts");
    expect(await send("PUT", "/api/auth/me")).toBe("rarely needed");
  });

  test("lists the modules of each function", () => {
    const reaching = (module: string) =>
      result.functions.filter((built) => built.modules.includes(module)).map((built) => built.name);
    expect(reaching("@node-rs/argon2")).toEqual(["/api/auth/login"]);
    expect(reaching("lib/passwords.ts")).toEqual(["/api/auth/login"]);
    expect(reaching("api/tasks/index.ts")).toEqual(["/api/tasks"]);
  });

  test("writes only its report next to the output", async () => {
    const report = JSON.parse(await readFile(join(root, ".vercel/build-report.json"), "utf8"));
    expect(report).toEqual(JSON.parse(JSON.stringify(result)));
    expect((await readdir(join(root, ".vercel"))).sort()).toEqual(["build-report.json", "output"]);
  });

  test("measures the import of every function outside the project", () => {
    for (const { name, importMs } of result.functions) expect(importMs, name).toBeGreaterThan(0);
  });
});

test("mode fit builds one function per core route and shared ones for the rest, within the limit of the Hobby plan", async () => {
  const root = await project();
  const { functions } = await build({ outDir: join(root, "out"), mode: "fit", root });
  const names = [...coreRoutes.map(urlPath), ...sharedFunctions.map(({ path }) => path)];
  expect(functions.map(({ name }) => name).sort()).toEqual(names.sort());
  expect(functions.length).toBeLessThanOrEqual(hobbyFunctionLimit);
  expect(await functionDirs(join(root, "out"))).toHaveLength(functions.length);
});

test("mode each builds one function per route file", async () => {
  const root = await project();
  const { functions } = await build({ outDir: join(root, "out"), mode: "each", root });
  expect(functions).toHaveLength(coreRoutes.length + 5);
  for (const { routes } of functions) expect(routes).toHaveLength(1);
});

test("a function's configuration names its runtime, its entry and its limits", async () => {
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

test("an unresolved import fails the build with its position, and the previous output stays", async () => {
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

test("a function that fails to import outside the project fails a measured build", async () => {
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

test("a missing fallback route fails the build", async () => {
  const root = await project();
  await rm(join(root, "api/health.ts"));
  await expect(build({ outDir: join(root, "out"), mode: "fit", root })).rejects.toThrow(
    "api/health.ts is missing",
  );
});
