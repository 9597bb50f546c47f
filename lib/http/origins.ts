import { Problem } from "../problem.js";

type OriginEnv = { APP_URL?: string; CORS_ORIGINS: readonly string[] };

/** Whether a page of this origin may call with the cookie. */
export const isOwnOrigin = (origin: string, env: OriginEnv): boolean =>
  origin === env.APP_URL || env.CORS_ORIGINS.includes(origin);

/**
 * Refuses what another site made a browser send (ASVS 3.5.1). A browser names the origin on every cross-origin
 * POST; a caller that names none is not one, and carries nobody's cookie.
 * @throws Problem `cross-site-request`
 */
export function requireOwnOrigin(headers: Headers, env: OriginEnv): void {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (site === "same-origin") return;
  const isAllowed = origin === null ? site === null || site === "none" : isOwnOrigin(origin, env);
  if (!isAllowed) throw new Problem("cross-site-request");
}
