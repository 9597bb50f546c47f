import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

export const benchDir = fileURLToPath(new URL("..", import.meta.url));

const entries = {
  "better-auth/serve": "peers/better-auth/serve.ts",
  "better-auth/cold": "peers/better-auth/app.ts",
  "nest/serve": "peers/nest/serve.ts",
  "nest/cold": "peers/nest/app.ts",
  "floor-pg/serve": "peers/floor/pg-serve.ts",
  "floor-pg/cold": "peers/floor/pg-app.ts",
  "floor/functions/api/auth.func/index": "peers/floor/auth-function.ts",
  "floor/functions/api/tasks.func/index": "peers/floor/tasks-function.ts",
  "floor/whole": "peers/floor/whole-function.ts",
  "function-host": "machine/function-host.ts",
} as const;
export type BundleName = keyof typeof entries;

// Nest imports these lazily, and only for apps that use them.
const optionalNestPackages =
  /^(@nestjs\/(microservices|websockets)(\/.*)?|@fastify\/.*|@nestjs\/platform-fastify)$/;

const excludeOptionalNestPackages: Plugin = {
  name: "exclude-optional-nest-packages",
  setup({ onResolve }) {
    onResolve({ filter: optionalNestPackages }, ({ path }) => ({ path, external: true }));
  },
};

const banner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** Bundles the other subjects with the esbuild settings of Latchkey's own build. */
export async function bundlePeers(outDir: string): Promise<void> {
  await build({
    absWorkingDir: benchDir,
    tsconfig: join(benchDir, "tsconfig.json"),
    entryPoints: Object.entries(entries).map(([out, file]) => ({ in: file, out })),
    outdir: outDir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    // Nest finds providers by class name.
    keepNames: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["@node-rs/argon2", "pg-native"],
    plugins: [excludeOptionalNestPackages],
    define: { "process.env.NODE_ENV": '"production"' },
    banner: { js: banner },
    legalComments: "none",
    logLevel: "error",
  });
  await writeFloorOutput(join(outDir, "floor"));
}

export const bundleFile = (outDir: string, name: BundleName): string => join(outDir, `${name}.mjs`);

/** Adds the files that the Build Output API needs beside the floor's two functions. */
async function writeFloorOutput(output: string): Promise<void> {
  const authRoute = { src: "^/api/auth/.*$", dest: "/api/auth", check: true };
  const routes = [{ handle: "filesystem" }, authRoute];
  await mkdir(join(output, "static"), { recursive: true });
  await writeFile(join(output, "config.json"), JSON.stringify({ version: 3, routes }));
  await writeFile(join(output, "vercel.json"), JSON.stringify({}));
  const config = {
    runtime: "nodejs24.x",
    handler: "index.mjs",
    launcherType: "Nodejs",
    shouldAddHelpers: false,
  };
  for (const name of ["auth", "tasks"]) {
    await writeFile(join(output, "functions/api", `${name}.func`, ".vc-config.json"), JSON.stringify(config));
  }
}
