import { readEnv } from "../lib/env.js";

type Source = Record<string, string | undefined>;

/** The connection of the role that owns the tables, where the functions have another one. Only commands read it. */
export const ownerVariable = "MIGRATE_DATABASE_URL";

/** The variables with the owner's connection string as DATABASE_URL. */
export const asOwner = (source: Source): Source => ({
  ...source,
  DATABASE_URL: source[ownerVariable]?.trim() || source["DATABASE_URL"],
});

/** @throws EnvError, or Error if MIGRATE_DATABASE_URL is malformed */
export function readOwner(source: Source): { url: string; endpoint: string | undefined } {
  try {
    const env = readEnv(["DATABASE_URL"], asOwner(source));
    return { url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT };
  } catch (error) {
    if (!source[ownerVariable]?.trim() || !(error instanceof Error)) throw error;
    throw new Error(error.message.replace("DATABASE_URL", ownerVariable));
  }
}
