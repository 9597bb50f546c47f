import * as z from "zod";
import { emailEnv, operation } from "../../contract.js";
import { emailAddress } from "../email-address.js";
import { linkSeconds, notMeSeconds } from "../limits.js";
import { linkToken, message, tag } from "./shapes.js";

export const changeEmail = operation({
  id: "changeEmail",
  stepUp: true,
  method: "post",
  path: "/api/auth/change-email",
  tag,
  summary: "Request a change of your email address",
  description: `Sends a link to the new address, which works for ${linkSeconds["change-email"] / 60} minutes and replaces an earlier one, and a notice to the current address. Nothing changes until the link is used. The response and the work are the same whether the address is free, has an account, or is your own. An address that has an account gets a notice instead of the link.`,
  auth: "access-token",
  trips: 1,
  env: emailEnv,
  body: z.strictObject({ email: emailAddress.meta({ example: "ada@example.org" }) }),
  responses: { 202: { description: "If the address is free, an email is on its way", body: message } },
  problems: ["email-change-frozen"],
});

export const confirmNewEmail = operation({
  id: "confirmNewEmail",
  method: "post",
  path: "/api/auth/confirm-email",
  tag,
  summary: "Confirm a new email address",
  description: `The account now has the address that got the link. Voids every other open link of the account, and sends a notice to both addresses. Sessions continue. For ${notMeSeconds / 3600} hours, the previous address is reserved for the account, and the notices can restore it. A repeated request succeeds and changes nothing.`,
  auth: "none",
  trips: 1,
  env: emailEnv,
  body: z.strictObject({ token: linkToken }),
  responses: { 200: { description: "The account has the new address", body: message } },
  problems: ["invalid-link", "rate-limited"],
});
