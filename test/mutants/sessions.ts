// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the text of sources.
import type { Sabotages } from "./mutant.js";

/** Of sessions: login, refresh, logout and the cookie. */
export const sessions: Sabotages = {
  "lib/auth/queries/sessions.ts": [
    {
      name: "a login with the old password survives a reset that meets it",
      find: " and session_epoch = ${s.verifiedEpoch}::int",
      replace: "",
      tests: ["api/auth/login"],
    },
    {
      name: "a failed login ends the session of the browser",
      find: "and ended_at is null and exists (select from u)",
      replace: "and ended_at is null",
      tests: ["api/auth/login"],
    },
    {
      name: "a browser's session outlives the login of somebody else",
      find: "where id = ${s.replacedSessionId}::uuid and ended_at is null",
      replace: "where id is null and ended_at is null",
      tests: ["api/auth/login"],
    },
    {
      name: "tabs that refresh at once do not wait for each other",
      find: "where id = ${token.sessionId}::uuid for no key update",
      replace: "where id = ${token.sessionId}::uuid",
      tests: ["api/auth/refresh-reuse"],
    },
    {
      name: "the grace window never closes",
      find: "\n                and s.rotated_at > now() - make_interval(secs => ${session.graceSeconds})",
      replace: "",
      tests: ["api/auth/refresh-reuse"],
    },
    {
      name: "a token two generations old still has a successor",
      find: "when s.generation = ${token.generation}::int + 1",
      replace: "when s.generation <= ${token.generation}::int + 2",
      tests: ["api/auth/refresh-reuse"],
    },
    {
      name: "a generation that is yet to come counts as stolen",
      find: "\n                 or s.generation < ${token.generation}::int then 'ended'",
      replace: " then 'ended'",
      tests: ["api/auth/forged-cookie"],
    },
    {
      name: "a stolen token that is used again does not end the session",
      find: "from v where sessions.id = v.id and v.outcome = 'reuse'",
      replace: "from v where sessions.id = v.id and v.outcome = 'stolen'",
      tests: ["api/auth/refresh-reuse"],
    },
    {
      name: "a refresh token outlives the logout",
      find: "s.ended_at is not null or ",
      replace: "",
      tests: ["api/auth/logout"],
    },
    {
      name: "a refresh token outlives a ban",
      find: " or users.banned_at is not null",
      replace: "",
      tests: ["api/auth/banned"],
    },
    {
      name: "a refresh token outlives a new password",
      find: "s.epoch <> users.session_epoch or ",
      replace: "",
      tests: ["api/auth/reset-password"],
    },
    {
      name: "a refresh token outlives the idle end",
      find: "s.idle_expires_at <= now() or ",
      replace: "",
      tests: ["api/auth/refresh"],
    },
    {
      name: "a refresh token outlives the absolute end",
      find: " or s.expires_at <= now()",
      replace: "",
      tests: ["api/auth/refresh"],
    },
    {
      name: "a session that is used lives for ever",
      find: "least(now() + make_interval(secs => ${session.idleSeconds}), sessions.expires_at)",
      replace: "now() + make_interval(secs => ${session.idleSeconds})",
      tests: ["api/auth/refresh"],
    },
    {
      name: "a logout ends everybody's sessions",
      find: "where id = ${sessionId}::uuid and ended_at is null",
      replace: "where ended_at is null",
      tests: ["api/auth/logout"],
    },
  ],
  "lib/auth/session-cookie.ts": [
    {
      name: "scripts can read the cookie",
      find: "httpOnly: true",
      replace: "httpOnly: false",
      tests: ["auth/session-cookie"],
    },
    {
      name: "the cookie goes over plain http",
      find: "secure: isSecure(env),",
      replace: "secure: false,",
      tests: ["auth/session-cookie"],
    },
    {
      name: "the cookie goes along with links from other sites",
      find: 'env.COOKIE_SAMESITE ?? "Strict"',
      replace: '"Lax"',
      tests: ["auth/session-cookie"],
    },
    {
      name: "a sibling domain can set the cookie",
      find: '? "__Host-latchkey" : "latchkey"',
      replace: '? "latchkey" : "latchkey"',
      tests: ["auth/session-cookie"],
    },
    {
      name: "the cookie that is cleared has another name",
      find: 'serialize(sessionCookie.name(env), "", {',
      replace: 'serialize("latchkey-session", "", {',
      tests: ["auth/session-cookie"],
    },
    {
      name: "the cookie that is cleared has other attributes",
      find: '"", { ...sessionCookie.attributes(env), maxAge: 0 }',
      replace: '"", { path: "/", secure: isSecure(env), maxAge: 0 }',
      tests: ["auth/session-cookie"],
    },
  ],
};
