import type { KeyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import { clientBlock } from "../http/client-address.js";
import { deviceCookie } from "./cookies.js";
import { readDeviceToken } from "./device-token.js";
import type { Guesser } from "./sign-in-budgets.js";

/** The sender of a request about the account of `email`. */
export const guesserOf = (
  ring: KeyRing,
  { headers }: Request,
  env: Env<"APP_URL">,
  email: string,
): Guesser => ({
  email,
  block: clientBlock(headers, env),
  deviceId: readDeviceToken(ring, email, deviceCookie.read(headers, env)),
});
