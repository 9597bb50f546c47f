import * as z from "zod";
import { authEnv, operation } from "../../contract.js";
import { accessToken, presentedPassword } from "./shapes.js";

export const stepUp = operation({
  id: "stepUp",
  method: "post",
  path: "/api/auth/step-up",
  tag: "auth",
  summary: "Prove who you are again",
  description:
    "For operations that respond `step-up-required`. Returns an access token with a new `auth_time`, which later refreshes keep. The session and its cookie stay. A wrong password ends nothing. Repeating it is safe.",
  auth: "access-token",
  trips: 2,
  env: authEnv,
  body: z.strictObject({ password: presentedPassword }),
  responses: { 200: { description: "A new access token", body: accessToken } },
  problems: ["wrong-password"],
});
