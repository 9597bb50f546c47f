import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";

/**
 * Modules that a dependency imports and no function of ours can reach, with what stands in for them: a fifth of
 * the bundles. Whatever else would be taken from them fails loudly, as undefined is no function.
 */
const leftOut: { filter: RegExp; importer: RegExp; contents: string }[] = [
  // resend reads inbound mail and verifies webhooks with these.
  { filter: /^postal-mime$/, importer: /node_modules.resend/, contents: "export default undefined;" },
  {
    filter: /^standardwebhooks$/,
    importer: /node_modules.resend/,
    contents: "export const Webhook = undefined;",
  },
];

export const leaveOut: Plugin = {
  name: "leave-out",
  setup(build) {
    leftOut.forEach(({ filter, importer, contents }, index) => {
      build.onResolve({ filter }, (args) =>
        importer.test(args.importer) ? { path: `${index}`, namespace: "left-out" } : undefined,
      );
      build.onLoad({ filter: new RegExp(`^${index}$`), namespace: "left-out" }, () => ({
        contents,
        loader: "js",
      }));
    });
    // The package's index loads all of Vercel's helpers to hand out this one.
    const index = createRequire(import.meta.url).resolve("@vercel/functions");
    const waitUntil = join(dirname(index), "wait-until.js");
    build.onResolve({ filter: /^@vercel\/functions$/ }, () => ({ path: waitUntil }));
  },
};
