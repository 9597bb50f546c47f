import * as z from "zod";
import { emailEnv, operation } from "../../contract.js";
import { emailFreezeSeconds, notMeSeconds } from "../limits.js";
import { linkToken, message, tag } from "./shapes.js";

export const notMe = operation({
  id: "notMe",
  method: "post",
  path: "/api/auth/not-me",
  tag,
  summary: "Undo what an intruder did",
  description: `For the link “This wasn't me” in notices, which works for ${notMeSeconds / 3600} hours. Ends every session, voids every open link and the password, forgets all known browsers, restores the address that the account had before the changes of the last ${notMeSeconds / 3600} hours, sends a link for a new password there, and keeps the address from changing for ${emailFreezeSeconds / 3600} hours. A notice from before the last use of such a link changes nothing.`,
  auth: "none",
  trips: 1,
  env: emailEnv,
  body: z.strictObject({ token: linkToken }),
  responses: {
    200: {
      description: "The account is secured",
      body: z
        .strictObject({
          ...message.shape,
          repeated: z.boolean().meta({
            description: "Whether the account was secured after this notice already, so nothing changed",
            example: false,
          }),
        })
        .meta({ id: "SecuredAccount" }),
    },
  },
  problems: ["invalid-link", "rate-limited"],
});
