import * as z from "zod";
import { authEnv, emailEnv, operation } from "../../contract.js";
import { text } from "../../schemas.js";
import { emailAddress } from "../email-address.js";
import { passwordLength, session } from "../limits.js";
import { accessTokenMembers, setsCookie, signedIn, tag } from "./shapes.js";

/** Any text may be a guess: enforcing the policy here would only help the guesser. */
const presentedPassword = text(4 * passwordLength.max)
  .min(1)
  .meta({ example: "plum orbit carpet seven" });

const accessToken = z.strictObject(accessTokenMembers).meta({ id: "AccessToken" });

const clearsCookie = {
  "Set-Cookie": {
    description: "Removes the cookie",
    example: "__Host-latchkey=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/",
  },
};

export const login = operation({
  id: "login",
  method: "post",
  path: "/api/auth/login",
  tag,
  summary: "Sign in",
  description:
    "Starts a session and ends the one that the cookie named before. An address that is not confirmed yet has no account. A ban is revealed only after the correct password.",
  auth: "session-cookie",
  trips: 2,
  env: authEnv,
  body: z.strictObject({ email: emailAddress, password: presentedPassword }),
  responses: { 200: { description: "Signed in", body: signedIn, headers: setsCookie } },
  problems: ["invalid-credentials", "account-banned", "rate-limited"],
});

export const refresh = operation({
  id: "refresh",
  method: "post",
  path: "/api/auth/refresh",
  tag,
  summary: "Get a new access token",
  description: `Rotates the refresh token. Until its successor is used, the previous one works too: for ${session.graceSeconds} seconds it yields the same successor, later a new one, so two tabs or a lost response do no harm. Any older token is reuse, which ends the session.`,
  auth: "session-cookie",
  trips: 1,
  env: emailEnv,
  responses: { 200: { description: "Refreshed", body: accessToken, headers: setsCookie } },
  problems: ["session-ended"],
});

export const logout = operation({
  id: "logout",
  method: "post",
  path: "/api/auth/logout",
  tag,
  summary: "Sign out",
  description: "Ends the session of the cookie and clears the cookie. Requires no access token; idempotent.",
  auth: "session-cookie",
  trips: 1,
  env: authEnv,
  responses: { 204: { description: "Signed out", headers: clearsCookie } },
  problems: [],
});
