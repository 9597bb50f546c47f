import * as z from "zod";
import { emailEnv, operation } from "../../contract.js";
import { emailAddress } from "../email-address.js";
import { linkToken, message, newPassword, sameForAll, tag, toPage } from "./shapes.js";

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
