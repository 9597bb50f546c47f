import * as z from "zod";
import { authEnv, emailEnv, operation } from "../../contract.js";
import { idempotencyKeyHeaders, replayHeader } from "../../http/idempotency.js";
import { emailAddress } from "../email-address.js";
import { registrationSeconds } from "../limits.js";
import { banTerms } from "./ban-terms.js";
import {
  linkToken,
  message,
  name,
  newPassword,
  sameForAll,
  setsCookie,
  signedIn,
  tag,
  toPage,
  user,
} from "./shapes.js";

const registrationSecret = z.string().min(1).max(200).meta({
  description:
    "Secret of the browser that signed up. Keep it until the address is confirmed, and send it with the link's token.",
  example: "AZqvM0x2cYi_bSKkJdYb8Q7tQ2nXk1m9h4R0sV6w8ye",
});

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
  problemExtensions: { "account-banned": banTerms, "password-required": { email: user.shape.email } },
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
