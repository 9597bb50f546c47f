const resolve = { conditions: ["workspace", "module", "node", "development|production"] };

/**
 * Lets Vitest resolve `packages/*` to their sources, without a build. Part of every config. Tests run in Vite's
 * environment `ssr`, global setups in `__vitest__`.
 */
export const workspace = { ssr: { resolve }, environments: { __vitest__: { resolve } } };
