import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { bundleFunctions } from "../../scripts/build/bundle.js";
import { allPatches } from "../../scripts/build/patches/all.js";
import { neonServerless } from "../../scripts/build/patches/neon-serverless.js";
import type { Patch } from "../../scripts/build/patches/patch.js";

const projectRoot = resolve(import.meta.dirname, "../..");

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-patches-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Bundles a project whose only dependency is this copy of a package. */
async function bundleWith({ packageName, file }: Patch, version: string, source: string): Promise<void> {
  const root = await temporaryFolder();
  const packageFile = join(root, "node_modules", packageName, file);
  await mkdir(dirname(packageFile), { recursive: true });
  const manifest = { name: packageName, version, exports: `./${file}` };
  await writeFile(join(root, "node_modules", packageName, "package.json"), JSON.stringify(manifest));
  await writeFile(packageFile, source);
  await writeFile(join(root, "entry.js"), `export * from ${JSON.stringify(packageName)};`);
  const outDir = join(root, "out/entry.func");
  await bundleFunctions(root, join(root, "out"), [{ outDir, file: join(root, "entry.js") }]);
}

const installedSource = ({ packageName, file }: Patch): Promise<string> => {
  const manifest = createRequire(import.meta.url)
    .resolve(packageName)
    .split(packageName)[0];
  return readFile(join(manifest ?? "", packageName, file), "utf8");
};

describe.each(allPatches.map((patch) => [patch.packageName, patch] as const))(
  "the patch of %s",
  (_name, patch) => {
    test("matches the installed version", async () => {
      const source = await installedSource(patch);
      expect(patch.apply(source)).not.toBe(source);
    });

    test("fails the build when another version is installed", async () => {
      await expect(bundleWith(patch, "99.0.0", await installedSource(patch))).rejects.toThrow(
        `${patch.packageName} 99.0.0 is installed, but its patch is for ${patch.version}. See scripts/build/patches/README.md.`,
      );
    });

    test("fails the build when the source has changed", async () => {
      await expect(bundleWith(patch, patch.version, "export const changed = true;")).rejects.toThrow(
        `The patch for ${patch.packageName} does not match its source: found no `,
      );
    });
  },
);

test.each([
  ["CommonJS wrapper", /\bvar (\w+)=\(r,e\)=>\(\)=>\{try\{return e\|\|/, "var $1=(r,e)=>()=>{{return e||"],
  ["choice between the driver's Buffer and the host's", /typeof globalThis\.Buffer=="function"/g, "true"],
])("the patch of the Neon driver names the missing part: %s", async (part, pattern, replacement) => {
  const changed = (await installedSource(neonServerless)).replace(pattern, replacement);
  expect(() => neonServerless.apply(changed)).toThrow(`found no ${part}`);
});

test("bundles of functions leave out the code that the patches remove", async () => {
  const out = await temporaryFolder();
  const outDir = join(out, "register.func");
  const file = join(projectRoot, "api/auth/register.ts");
  const bundle = (await bundleFunctions(projectRoot, out, [{ outDir, file }])).get(outDir);
  const modules = bundle?.modules ?? [];
  expect(modules).toContain("node_modules/@neondatabase/serverless/index.mjs");
  expect(
    modules.filter((module) =>
      /postal-mime|standardwebhooks|@vercel\/functions\/purge|zod\/v4\/core\/(to-)?json-schema/.test(module),
    ),
  ).toEqual([]);
  const text = await readFile(join(outDir, "index.mjs"), "utf8");
  expect(text.includes("SCRAM-SHA-256"), "the WebSocket client signs in with SCRAM").toBe(false);
});
