import * as z from "zod";
import { emailEnv, operation } from "../../contract.js";
import { timestamp } from "../../schemas.js";
import { closedAccountDays } from "../limits.js";
import { clearsOwnCookie, linkToken, message, tag } from "./shapes.js";

export const closeAccount = operation({
  id: "closeAccount",
  stepUp: true,
  method: "delete",
  path: "/api/auth/me",
  tag,
  summary: "Close your account",
  description: `Immediately ends every session of the account and voids its open links. The account then responds like one that does not exist. For ${closedAccountDays} days, the link in the email that this sends restores it. After that, the account and its tasks are deleted. The last active admin cannot leave. A repeated request gets \`session-ended\`: the account is closed.`,
  auth: "access-token",
  trips: 1,
  env: emailEnv,
  responses: {
    202: {
      description: "The account is closed, and will be deleted",
      body: z
        .strictObject({
          purgeAt: timestamp.meta({
            description:
              "Until then, the link in the email restores the account. Its data is deleted after that.",
          }),
        })
        .meta({ id: "ClosedAccount" }),
      headers: clearsOwnCookie,
    },
  },
  problems: ["last-admin"],
});

export const restoreAccount = operation({
  id: "restoreAccount",
  method: "post",
  path: "/api/auth/restore",
  tag,
  summary: "Restore a closed account",
  description:
    "Opens the account again, with its password and its tasks, and sends a notice. Starts no session: the person signs in. Does not lift a ban. While the account is open, a repeated request succeeds and changes nothing. A link of an earlier closing does not open an account that was closed again.",
  auth: "none",
  trips: 1,
  env: emailEnv,
  body: z.strictObject({ token: linkToken }),
  responses: { 200: { description: "The account is open", body: message } },
  problems: ["invalid-link", "rate-limited"],
});
