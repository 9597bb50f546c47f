import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { openPaths } from "../../packages/client/src/open-paths.js";
import { staleFiles } from "../../scripts/openapi.js";

test("openapi.json and the types of the client are what the contracts say", async () => {
  expect(await staleFiles(), "npm run openapi").toEqual([]);
});

test("the client asks for no token exactly where the document needs none", async () => {
  const { paths } = JSON.parse(await readFile("openapi.json", "utf8")) as {
    paths: Record<string, Record<string, { security?: object[] }>>;
  };
  const isOpen = ({ security = [] }: { security?: object[] }) =>
    !security.some((scheme) => "accessToken" in scheme || "cronSecret" in scheme);
  const open = Object.entries(paths).filter(([, operations]) => Object.values(operations).every(isOpen));
  expect([...openPaths].sort()).toEqual(open.map(([path]) => path).sort());
});

test("the client has at most 8 KB, minified and gzipped, and needs nothing of the server's code", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ["packages/client/src/index.ts"],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    metafile: true,
  });
  expect(gzipSync(outputFiles[0]?.contents ?? "").length).toBeLessThanOrEqual(8 * 1024);
  const foreign = Object.keys(metafile.inputs).filter(
    (file) => !/^(packages\/client\/src|node_modules)\//.test(file),
  );
  expect(foreign).toEqual([]);
});
