import * as z from "zod";
import { authEnv, emailEnv, operation } from "../../contract.js";
import { emailAddress } from "../email-address.js";
import { session } from "../limits.js";
import { banTerms } from "./ban-terms.js";
import { accessToken, clearsCookie, presentedPassword, setsCookie, signedIn, tag } from "./shapes.js";

export const login = operation({
  id: "login",
  method: "post",
  path: "/api/auth/login",
  tag,
  summary: "Sign in",
  description:
    "Starts a session and ends the one that the cookie named before. In a browser without the account's device cookie, it sends a notice. An address that is not confirmed yet has no account. A ban is revealed only after the correct password.",
  auth: "session-cookie",
  trips: 2,
  env: emailEnv,
  body: z.strictObject({ email: emailAddress, password: presentedPassword }),
  responses: { 200: { description: "Signed in", body: signedIn, headers: setsCookie } },
  problems: ["invalid-credentials", "account-banned", "rate-limited"],
  problemExtensions: { "account-banned": banTerms },
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
