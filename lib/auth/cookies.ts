import { parse, serialize } from "hono/utils/cookie";
import type { Env } from "../env.js";

type CookieEnv = Pick<Env<"APP_URL">, "APP_URL" | "COOKIE_SAMESITE">;

const isSecure = (env: CookieEnv) => env.APP_URL.startsWith("https:");

const attributes = (env: CookieEnv) => ({
  httpOnly: true,
  secure: isSecure(env),
  sameSite: env.COOKIE_SAMESITE,
  path: "/",
});

/**
 * The `__Host-` prefix binds a cookie to this host over https, so a sibling domain can neither read nor set it.
 * http://localhost cannot use the prefix.
 */
function createCookie(baseName: string) {
  const name = (env: CookieEnv): string => (isSecure(env) ? `__Host-${baseName}` : baseName);
  return {
    name,
    attributes,
    read: (headers: Headers, env: CookieEnv): string | undefined =>
      parse(headers.get("cookie") ?? "", name(env))[name(env)],
    write: (env: CookieEnv, value: string, maxAgeSeconds: number): string =>
      serialize(name(env), value, { ...attributes(env), maxAge: maxAgeSeconds }),
    // Browsers ignore a clearing cookie whose attributes differ from those in `write`.
    clear: (env: CookieEnv): string => serialize(name(env), "", { ...attributes(env), maxAge: 0 }),
  };
}

/** Carries the refresh token. */
export const sessionCookie = createCookie("latchkey");

/** Carries the device token. It outlives a sign-out: the browser stays known to the account. */
export const deviceCookie = createCookie("latchkey-device");
