import * as z from "zod";
import { roles } from "../../db/schema/users.js";
import { authEnv, emailEnv, operation } from "../contract.js";
import { idempotencyKeyHeaders, replayHeader } from "../http/idempotency.js";
import { id, label, text, timestamp } from "../schemas.js";
import { emailAddress } from "./email-address.js";
import { nameLength, passwordLength, registrationSeconds, session } from "./limits.js";

/** Marks that reverse the text around them: in a list of users, one name could then rewrite the others. */
const bidiControl = /\p{Bidi_Control}/u;

const name = label(nameLength)
  .refine((value) => !bidiControl.test(value), "must not contain marks that change the direction of text")
  .meta({
    description: "The name that the person goes by",
    example: "Ada Lovelace",
  });

/** Counted after NFKC, so that a password typed on two keyboards is the same (NIST SP 800-63B). */
const newPassword = text(4 * passwordLength.max)
  .refine((value) => {
    const { length } = [...value.normalize("NFKC")];
    return length >= passwordLength.min && length <= passwordLength.max;
  }, `must have ${passwordLength.min} to ${passwordLength.max} characters`)
  .meta({
    description: `${passwordLength.min} to ${passwordLength.max} characters after NFKC, of any kind; not a common password, nor your email address or name, even with digits or signs at its end; not a password that a data breach has revealed`,
    example: "plum orbit carpet seven",
    minLength: passwordLength.min,
    maxLength: passwordLength.max,
  });

/** Any text may be a guess: enforcing the policy here would only help the guesser. */
const presentedPassword = text(4 * passwordLength.max)
  .min(1)
  .meta({ example: "plum orbit carpet seven" });

const registrationSecret = z.string().min(1).max(200).meta({
  description:
    "Secret of the browser that signed up. Keep it until the address is confirmed, and send it with the link's token.",
  example: "AZqvM0x2cYi_bSKkJdYb8Q7tQ2nXk1m9h4R0sV6w8ye",
});

const linkToken = z.string().min(1).max(200).meta({
  description: "The token from the link in the email",
  example: "AZqvM0x2cYi_bSKkJdYb8Q4Yb0m1l7m6T9o2n3v8y1c",
});

export const user = z
  .strictObject({
    id: id("UUIDv7 of the user", "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21"),
    email: z.string().meta({ example: "ada@example.com" }),
    name: z.string().meta({ example: "Ada Lovelace" }),
    role: z.enum(roles).meta({ id: "Role" }),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "User" });
export type User = z.output<typeof user>;

const message = z
  .strictObject({
    message: z.string().meta({ description: "For people; may change", example: "Check your email." }),
  })
  .meta({ id: "Message" });

const accessTokenMembers = {
  accessToken: z.string().meta({
    description: "JWT for the `Authorization` header; keep it in memory only",
    example: "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhYWYzZSJ9.mK3vQx0bQm4",
  }),
  tokenType: z.literal("Bearer"),
  expiresIn: z.int().meta({ description: "Seconds until the access token expires", example: 900 }),
};
const accessToken = z.strictObject(accessTokenMembers).meta({ id: "AccessToken" });
const signedIn = z.strictObject({ ...accessTokenMembers, user }).meta({ id: "Login" });

const setsCookie = {
  "Set-Cookie": {
    description: "The next refresh token",
    example: "__Host-latchkey=ARmqrz58W316; HttpOnly; Secure; SameSite=Strict; Path=/",
  },
};
const clearsCookie = {
  "Set-Cookie": {
    description: "Removes the cookie",
    example: "__Host-latchkey=; Max-Age=0; HttpOnly; Secure; SameSite=Strict; Path=/",
  },
};
const tag = "auth";
const sameForAll = "The response and the work are the same whether or not the address is known.";

export const register = operation({
  id: "register",
  method: "post",
  path: "/api/auth/register",
  tag,
  summary: "Sign up",
  description: `Sends an email that confirms the address, or a notice if the address already has an account. An unconfirmed sign-up expires after ${registrationSeconds / 3600} hours. Send an \`Idempotency-Key\` to make retries safe. ${sameForAll}`,
  auth: "none",
  trips: 1,
  env: emailEnv,
  headers: idempotencyKeyHeaders,
  body: z.strictObject({ name, email: emailAddress, password: newPassword }),
  responses: {
    202: {
      description: "An email is on its way",
      body: z
        .strictObject({ ...message.shape, registration: registrationSecret })
        .meta({ id: "Registration" }),
      headers: replayHeader,
    },
  },
  problems: ["rate-limited", "idempotency-key-reused"],
});

export const verifyEmail = operation({
  id: "verifyEmail",
  method: "post",
  path: "/api/auth/verify-email",
  tag,
  summary: "Confirm an email address",
  description:
    "Creates the account and signs in. With the `registration` of a sign-up for the same address, the password of that sign-up takes effect. Without it, the caller may be another person than the one who signed up: send the `password` that is to take effect. Every link works until it expires. Once the address is confirmed, the repeated request signs in again while its password is still that of the account, and so does a request with the account's password.",
  auth: "session-cookie",
  trips: 2,
  env: authEnv,
  body: z.strictObject({
    token: linkToken,
    registration: registrationSecret.optional(),
    password: newPassword.optional(),
  }),
  responses: { 200: { description: "Confirmed and signed in", body: signedIn, headers: setsCookie } },
  problems: ["invalid-link", "password-required", "invalid-credentials", "account-banned", "rate-limited"],
  problemExtensions: { "password-required": { email: user.shape.email } },
});

const toPage = (page: string) => ({
  303: {
    description: `Redirects to the page \`${page}\`, with the token in the fragment.`,
    headers: {
      Location: { description: "The page", example: `https://app.example.com${page}#token=AZqvM0x2` },
    },
  },
});

export const verifyEmailPage = operation({
  id: "verifyEmailPage",
  method: "get",
  path: "/api/auth/verify-email",
  tag,
  summary: "Go to the confirmation page",
  description:
    "For clients that open the link in an email with GET. Changes nothing: the page acts on a click.",
  auth: "none",
  trips: 0,
  env: ["APP_URL"],
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
  description:
    "For clients that open the link in an email with GET. Changes nothing: the page acts on a click.",
  auth: "none",
  trips: 0,
  env: ["APP_URL"],
  query: z.strictObject({ token: linkToken }),
  responses: toPage("/reset-password"),
  problems: [],
});

export const resendVerification = operation({
  id: "resendVerification",
  method: "post",
  path: "/api/auth/resend-verification",
  tag,
  summary: "Send the confirmation email again",
  description: `Sends the link of the newest sign-up, or a notice if the address already has an account. ${sameForAll}`,
  auth: "none",
  trips: 1,
  env: emailEnv,
  body: z.strictObject({ email: emailAddress }),
  responses: { 202: { description: "If it is needed, an email is on its way", body: message } },
  problems: ["rate-limited"],
});

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

export const getMe = operation({
  id: "getMe",
  method: "get",
  path: "/api/auth/me",
  tag,
  summary: "Read your account",
  description: "The account that the access token belongs to.",
  auth: "access-token",
  trips: 1,
  env: authEnv,
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
  description: "Absent members stay as they are.",
  auth: "access-token",
  trips: 1,
  env: authEnv,
  body: z.strictObject({ name: z.optional(name) }),
  responses: { 200: { description: "The account", body: user } },
  problems: [],
});

export const forgotPassword = operation({
  id: "forgotPassword",
  method: "post",
  path: "/api/auth/forgot-password",
  tag,
  summary: "Request a link that sets a new password",
  description: `Sends the link to the address if it has an account. An address that is not confirmed yet gets its confirmation link. ${sameForAll}`,
  auth: "none",
  trips: 1,
  env: emailEnv,
  body: z.strictObject({ email: emailAddress }),
  responses: { 202: { description: "If the address has an account, an email is on its way", body: message } },
  problems: ["rate-limited"],
});

export const resetPassword = operation({
  id: "resetPassword",
  method: "post",
  path: "/api/auth/reset-password",
  tag,
  summary: "Set a new password",
  description:
    "Uses up the link, ends every session and every other link of the account, and sends a notice. A repeated request with the same password succeeds and changes nothing.",
  auth: "none",
  trips: 1,
  env: emailEnv,
  body: z.strictObject({ token: linkToken, password: newPassword }),
  responses: { 204: { description: "The password is set" } },
  problems: ["invalid-link", "rate-limited"],
});
