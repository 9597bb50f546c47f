import { parse, serialize } from "hono/utils/cookie";

type CookieEnv = { APP_URL: string; COOKIE_SAMESITE: "Strict" | "Lax" | "None" | undefined };

const isSecure = (env: CookieEnv) => env.APP_URL.startsWith("https:");

/**
 * The one cookie: it carries the refresh token. The `__Host-` prefix binds it to this host over https, so that a
 * sibling domain can neither read nor set it; http://localhost cannot have the prefix.
 */
export const sessionCookie = {
  name: (env: CookieEnv): string => (isSecure(env) ? "__Host-latchkey" : "latchkey"),

  attributes: (env: CookieEnv) => ({
    httpOnly: true,
    secure: isSecure(env),
    sameSite: env.COOKIE_SAMESITE ?? "Strict",
    path: "/",
  }),

  read(headers: Headers, env: CookieEnv): string | undefined {
    const name = sessionCookie.name(env);
    return parse(headers.get("cookie") ?? "", name)[name];
  },

  write: (env: CookieEnv, token: string, maxAgeSeconds: number): string =>
    serialize(sessionCookie.name(env), token, { ...sessionCookie.attributes(env), maxAge: maxAgeSeconds }),

  // The same attributes as in `write`: browsers ignore a clearing cookie that lacks them.
  clear: (env: CookieEnv): string =>
    serialize(sessionCookie.name(env), "", { ...sessionCookie.attributes(env), maxAge: 0 }),
};
