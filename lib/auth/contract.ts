import { identity, mail, operation } from "../contract.js";
import { id, label, text, timestamp } from "../text.js";
import * as z from "../zod.js";
import { emailLength, nameLength, passwordLength } from "./limits.js";

const email = z.doc(
  z.pipe(
    z.string().check(z.trim(), z.maxLength(emailLength)),
    z.email("must be an address such as ada@example.com"),
  ),
  { description: "Compared without regard to case", example: "ada@example.com", format: "email" },
);

const name = z.doc(label(nameLength), {
  description: "What the person wants to be called",
  example: "Ada Lovelace",
});

/** Counted after NFKC, so that what is typed on two keyboards is one password (NIST SP 800-63B). */
const newPassword = z.doc(
  text(4 * passwordLength.max).check(
    z.refine((value) => {
      const { length } = [...value.normalize("NFKC")];
      return length >= passwordLength.min && length <= passwordLength.max;
    }, `must have ${passwordLength.min} to ${passwordLength.max} characters`),
  ),
  {
    description: `${passwordLength.min} to ${passwordLength.max} characters after NFKC, any kind; not a common one, nor your address or name`,
    example: "correct horse battery staple",
    minLength: passwordLength.min,
    maxLength: passwordLength.max,
  },
);

/** At login any text is a guess: the policy is not the guesser's business. */
const presentedPassword = z.doc(text(4 * passwordLength.max).check(z.minLength(1)), {
  example: "correct horse battery staple",
});

const linkToken = z.doc(z.string().check(z.minLength(1), z.maxLength(200)), {
  description: "The token from the link in the mail",
  example: "AZqvM0x2cYi_bSKkJdYb8Q4Yb0m1l7m6T9o2n3v8y1c",
});

export const user = z.doc(
  z.strictObject({
    id: id("UUIDv7 of the user", "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21"),
    email: z.doc(z.string(), { example: "ada@example.com" }),
    name: z.doc(z.string(), { example: "Ada Lovelace" }),
    role: z.doc(z.enum(["user", "admin"]), { id: "Role" }),
    emailVerified: z.doc(z.boolean(), { description: "Whether the address was confirmed", example: true }),
    createdAt: timestamp,
    updatedAt: timestamp,
  }),
  { id: "User" },
);

const message = z.doc(
  z.strictObject({
    message: z.doc(z.string(), { description: "For people; may change", example: "Check your mail." }),
  }),
  { id: "Message" },
);
const accessTokenMembers = {
  accessToken: z.doc(z.string(), {
    description: "JWT for the `Authorization` header; keep it in memory only",
    example: "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhYWYzZS03YzVi….mK3v…",
  }),
  tokenType: z.literal("Bearer"),
  expiresIn: z.doc(z.int(), { description: "Seconds until the access token expires", example: 900 }),
};
const accessTokenAnswer = z.doc(z.strictObject(accessTokenMembers), { id: "AccessToken" });
const loginAnswer = z.doc(z.strictObject({ ...accessTokenMembers, user }), { id: "Login" });

const setsCookie = {
  "Set-Cookie": {
    description: "The refresh token, rotated",
    example: "__Host-latchkey=…; HttpOnly; Secure; SameSite=Strict; Path=/",
  },
};
const clearsCookie = {
  "Set-Cookie": {
    description: "Removes the cookie",
    example: "__Host-latchkey=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/",
  },
};
const tag = "auth";
const sameForAll = "The answer and the work are the same whether or not the address is known.";

export const register = operation({
  id: "register",
  method: "post",
  path: "/api/auth/register",
  tag,
  summary: "Create an account",
  description: `Sends a confirmation mail, or a notice to an address that has an account. ${sameForAll}`,
  auth: "none",
  trips: 1,
  needs: mail,
  body: z.strictObject({ email, password: newPassword, name }),
  responses: { 202: { description: "A mail is on its way", body: message } },
  problems: ["rate-limited"],
});

export const verifyEmail = operation({
  id: "verifyEmail",
  method: "post",
  path: "/api/auth/verify-email",
  tag,
  summary: "Confirm an e-mail address",
  description:
    "Consumes the link. Does not log anyone in: whoever reads the mail need not be who registered.",
  auth: "none",
  trips: 1,
  needs: identity,
  body: z.strictObject({ token: linkToken }),
  responses: { 200: { description: "The address is confirmed", body: message } },
  problems: ["invalid-link"],
});

const toPage = (page: string) => ({
  303: {
    description: `To the page \`${page}\`, with the token in the fragment. Changes nothing.`,
    headers: { Location: { description: "The page", example: `https://app.example.com${page}#token=AZqv…` } },
  },
});

export const verifyEmailPage = operation({
  id: "verifyEmailPage",
  method: "get",
  path: "/api/auth/verify-email",
  tag,
  summary: "Go to the confirmation page",
  auth: "none",
  trips: 0,
  needs: ["APP_URL"],
  query: z.strictObject({ token: linkToken }),
  responses: toPage("/verify-email"),
  problems: [],
});

export const resetPasswordPage = operation({
  id: "resetPasswordPage",
  method: "get",
  path: "/api/auth/reset-password",
  tag,
  summary: "Go to the page that sets a new password",
  auth: "none",
  trips: 0,
  needs: ["APP_URL"],
  query: z.strictObject({ token: linkToken }),
  responses: toPage("/reset-password"),
  problems: [],
});

export const resendVerification = operation({
  id: "resendVerification",
  method: "post",
  path: "/api/auth/resend-verification",
  tag,
  summary: "Send the confirmation mail again",
  description: sameForAll,
  auth: "none",
  trips: 1,
  needs: mail,
  body: z.strictObject({ email }),
  responses: { 202: { description: "If it is needed, a mail is on its way", body: message } },
  problems: ["rate-limited"],
});

export const login = operation({
  id: "login",
  method: "post",
  path: "/api/auth/login",
  tag,
  summary: "Log in",
  auth: "session-cookie",
  trips: 2,
  needs: identity,
  body: z.strictObject({ email, password: presentedPassword }),
  responses: { 200: { description: "Logged in", body: loginAnswer, headers: setsCookie } },
  problems: ["invalid-credentials", "email-not-verified", "account-banned", "rate-limited"],
});

export const refresh = operation({
  id: "refresh",
  method: "post",
  path: "/api/auth/refresh",
  tag,
  summary: "Get a new access token",
  description:
    "Rotates the refresh token. The previous one yields the same successor for 20 seconds, so two tabs or a lost answer do no harm; used later, it ends the session.",
  auth: "session-cookie",
  trips: 1,
  needs: identity,
  responses: { 200: { description: "Refreshed", body: accessTokenAnswer, headers: setsCookie } },
  problems: ["session-ended"],
});

export const logout = operation({
  id: "logout",
  method: "post",
  path: "/api/auth/logout",
  tag,
  summary: "Log out",
  description: "Ends the session of the cookie and clears it. Needs no access token; does no harm twice.",
  auth: "session-cookie",
  trips: 1,
  needs: identity,
  responses: { 204: { description: "Logged out", headers: clearsCookie } },
  problems: [],
});

export const getMe = operation({
  id: "getMe",
  method: "get",
  path: "/api/auth/me",
  tag,
  summary: "Read your account",
  auth: "access-token",
  trips: 1,
  needs: identity,
  responses: { 200: { description: "The account", body: user } },
  problems: [],
});

export const patchMe = operation({
  id: "patchMe",
  method: "patch",
  path: "/api/auth/me",
  bodyTypes: ["application/json", "application/merge-patch+json"],
  tag,
  summary: "Change your account",
  auth: "access-token",
  trips: 1,
  needs: identity,
  body: z.strictObject({ name: z.optional(name) }),
  responses: { 200: { description: "The account", body: user } },
  problems: [],
});

export const forgotPassword = operation({
  id: "forgotPassword",
  method: "post",
  path: "/api/auth/forgot-password",
  tag,
  summary: "Ask for a link that sets a new password",
  description: sameForAll,
  auth: "none",
  trips: 1,
  needs: mail,
  body: z.strictObject({ email }),
  responses: { 202: { description: "If there is such an account, a mail is on its way", body: message } },
  problems: ["rate-limited"],
});

export const resetPassword = operation({
  id: "resetPassword",
  method: "post",
  path: "/api/auth/reset-password",
  tag,
  summary: "Set a new password",
  description:
    "Consumes the link, ends every session and every other link of the account, and sends a notice.",
  auth: "none",
  trips: 1,
  needs: mail,
  body: z.strictObject({ token: linkToken, password: newPassword }),
  responses: { 204: { description: "The password is set" } },
  problems: ["invalid-link", "rate-limited"],
});
