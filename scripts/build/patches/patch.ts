import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** A change to one source file of one exact version of a dependency. */
export type Patch = {
  packageName: string;
  version: string;
  /** Path inside the package. */
  file: string;
  /** @throws Error when the source does not look as expected */
  apply(source: string): string;
};

const help = "See scripts/build/patches/README.md.";

/** Applies a patch while esbuild bundles. Fails the build when the version or the source has changed. */
export function applyPatch({ packageName, version, file, apply }: Patch): Plugin {
  return {
    name: `patch-${packageName}`,
    setup({ onLoad }) {
      // Every file of the package is checked, so that a release that moves the patched file fails, too.
      const anyFile = new RegExp(
        `node_modules[\\\\/]${packageName.replace("/", "[\\\\/]")}[\\\\/].*\\.[cm]?js$`,
      );
      onLoad({ filter: anyFile }, async ({ path }) => {
        const folder = packageFolder(path, packageName);
        const installed: unknown = JSON.parse(await readFile(`${folder}package.json`, "utf8")).version;
        if (installed !== version) {
          throw new Error(
            `${packageName} ${installed} is installed, but its patch is for ${version}. ${help}`,
          );
        }
        if (path.slice(folder.length).replaceAll("\\", "/") !== file) return undefined;
        return { contents: patched(packageName, apply, await readFile(path, "utf8")), loader: "js" };
      });
    },
  };
}

const packageFolder = (path: string, packageName: string): string => {
  const folder = `node_modules/${packageName}/`;
  return path.slice(0, path.replaceAll("\\", "/").lastIndexOf(folder) + folder.length);
};

function patched(packageName: string, apply: Patch["apply"], source: string): string {
  try {
    return apply(source);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The patch for ${packageName} does not match its source: ${why}. ${help}`);
  }
}

/** Replaces every match. @throws Error when the pattern does not match */
export function replaceMatches(
  source: string,
  { what, pattern, replacement }: { what: string; pattern: RegExp; replacement: string },
): string {
  const replaced = source.replace(pattern, replacement);
  if (replaced === source) throw new Error(`found no ${what}`);
  return replaced;
}
