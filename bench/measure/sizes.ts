import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchDir } from "../machine/bundles.js";
import type { Testbed } from "../machine/testbed.js";
import type { Size } from "../report/results.js";
import type { SubjectId } from "../subjects/subject.js";
import { coldBundles } from "./cold-start.js";
import { installedSize } from "./installed.js";

export const projectDir = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const benchRoot = benchDir.replace(/\/$/, "");

const honoOnPg = ["hono", "@hono/node-server", "pg"];
const nestPackages = ["common", "core", "jwt", "platform-express", "throttler"].map(
  (name) => `@nestjs/${name}`,
);
const floor = ["hono", "jose", "@node-rs/argon2"];

/** The `dependencies` that each subject's package.json would list. */
const installedPackages: Partial<Record<SubjectId, { root: string; names: string[] }>> = {
  "latchkey-function": { root: projectDir, names: Object.keys(readDependencies(projectDir)) },
  "floor-function": { root: benchRoot, names: [...floor, "@neondatabase/serverless"] },
  "floor-pg": { root: benchRoot, names: [...floor, "@hono/node-server", "pg"] },
  "better-auth": { root: benchRoot, names: [...honoOnPg, "better-auth"] },
  nest: {
    root: benchRoot,
    names: [
      ...nestPackages,
      ...[
        "bcryptjs",
        "class-transformer",
        "class-validator",
        "drizzle-orm",
        "pg",
        "reflect-metadata",
        "rxjs",
      ],
    ],
  },
};

export function readDependencies(root: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies;
}

/** Sizes by the title of the cold start. */
export function measureSizes(testbed: Testbed): Map<string, Size> {
  const native = totalBytes(join(testbed.bundles, "node_modules"));
  return new Map(
    coldBundles(testbed).flatMap(({ title, id, file }) => {
      const install = installedPackages[id];
      if (!install) return [];
      const { megabytes, packages } = installedSize(install.root, install.names);
      const nativeKb = readFileSync(file, "utf8").includes("@node-rs/argon2") ? native / 1000 : 0;
      return [[title, { bundleKb: statSync(file).size / 1000, nativeKb, installedMb: megabytes, packages }]];
    }),
  );
}

function totalBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
