import { type Env, EnvError, readEnv } from "../env.js";
import { Problem } from "../problem.js";

type OriginEnv = Pick<Env<"APP_URL">, "APP_URL" | "CORS_ORIGINS">;

/** Whether pages of this origin may call with the cookie. */
const isOwnOrigin = (origin: string, env: OriginEnv): boolean =>
  origin === env.APP_URL || env.CORS_ORIGINS.includes(origin);

let corsEnv: OriginEnv | undefined;

/** As `isOwnOrigin`, for paths whose operations need no variable, or do not exist. A bad variable trusts no origin. */
export function isTrustedOrigin(origin: string): boolean {
  corsEnv ??= readCorsEnv();
  return isOwnOrigin(origin, corsEnv);
}

function readCorsEnv(): OriginEnv {
  try {
    return readEnv(["APP_URL"]);
  } catch (error) {
    if (error instanceof EnvError) return { APP_URL: "", CORS_ORIGINS: [] };
    throw error;
  }
}

/**
 * Refuses requests that another site made a browser send (ASVS 3.5.1). Browsers name the origin on every
 * cross-origin POST. A request without one does not come from a page, so it cannot carry a victim's cookie.
 * @throws Problem `cross-site-request`
 */
export function requireOwnOrigin(headers: Headers, env: OriginEnv): void {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (site === "same-origin") return;
  const isAllowed = origin === null ? site === null || site === "none" : isOwnOrigin(origin, env);
  if (!isAllowed) throw new Problem("cross-site-request");
}
