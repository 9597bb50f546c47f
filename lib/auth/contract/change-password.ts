import * as z from "zod";
import { emailEnv, operation } from "../../contract.js";
import { accessToken, newPassword, presentedPassword, setsCookie } from "./shapes.js";

export const changePassword = operation({
  id: "changePassword",
  method: "post",
  path: "/api/auth/change-password",
  tag: "auth",
  summary: "Change your password",
  description:
    "Ends every other session of the account, voids its open links and the earlier refresh tokens of this session, and sends a notice. This session continues with the new access token and cookie. A wrong `currentPassword` ends nothing. For ten minutes, this session may repeat the request: it succeeds and changes nothing.",
  auth: "access-token",
  trips: 2,
  env: emailEnv,
  body: z.strictObject({
    currentPassword: presentedPassword.meta({ example: "battery horse staple" }),
    newPassword,
  }),
  responses: { 200: { description: "Changed", body: accessToken, headers: setsCookie } },
  problems: ["cross-site-request", "wrong-password"],
});
