/** Lets tests import `packages/*` from their sources, without a build. Part of every Vitest config. */
export const workspace = {
  ssr: { resolve: { conditions: ["workspace", "module", "node", "development|production"] } },
};
