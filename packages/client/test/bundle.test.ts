import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

test("the minified bundle is at most 8 KB gzipped and contains only the client and openapi-fetch", async () => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/index.ts"],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    metafile: true,
  });
  expect(gzipSync(outputFiles[0]?.contents ?? "").length).toBeLessThanOrEqual(8 * 1024);
  const foreign = Object.keys(metafile.inputs).filter(
    (file) => !/^src\/|(^|\/)node_modules\/openapi-fetch\//.test(file),
  );
  expect(foreign).toEqual([]);
});
