import type { Env } from "../env.js";
import { Problem } from "../problem.js";

type OriginEnv = Pick<Env<"APP_URL">, "APP_URL" | "CORS_ORIGINS">;

/** Whether pages of this origin may call with the cookie. */
export const isOwnOrigin = (origin: string, env: OriginEnv): boolean =>
  origin === env.APP_URL || env.CORS_ORIGINS.includes(origin);

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
