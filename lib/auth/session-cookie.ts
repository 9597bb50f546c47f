import { parse, serialize } from "hono/utils/cookie";
import type { Env } from "../env.js";

type CookieEnv = Pick<Env<"APP_URL">, "APP_URL" | "COOKIE_SAMESITE">;

const isSecure = (env: CookieEnv) => env.APP_URL.startsWith("https:");

/**
 * The only cookie. It carries the refresh token. The `__Host-` prefix binds it to this host over https, so a sibling
 * domain can neither read nor set it. http://localhost cannot use the prefix.
 */
export const sessionCookie = {
  name: (env: CookieEnv): string => (isSecure(env) ? "__Host-latchkey" : "latchkey"),

  attributes: (env: CookieEnv) => ({
    httpOnly: true,
    secure: isSecure(env),
    sameSite: env.COOKIE_SAMESITE,
    path: "/",
  }),

  read(headers: Headers, env: CookieEnv): string | undefined {
    const name = sessionCookie.name(env);
    return parse(headers.get("cookie") ?? "", name)[name];
  },

  write: (env: CookieEnv, token: string, maxAgeSeconds: number): string =>
    serialize(sessionCookie.name(env), token, { ...sessionCookie.attributes(env), maxAge: maxAgeSeconds }),

  // Browsers ignore a clearing cookie whose attributes differ from those in `write`.
  clear: (env: CookieEnv): string =>
    serialize(sessionCookie.name(env), "", { ...sessionCookie.attributes(env), maxAge: 0 }),
};
