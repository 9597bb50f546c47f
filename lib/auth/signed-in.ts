import type { KeyRing } from "../crypto/keys.js";
import { uuidBytes } from "../crypto/sealed-token.js";
import type { Env } from "../env.js";
import { issueAccessToken } from "./access-token.js";
import { deviceCookie, sessionCookie } from "./cookies.js";
import { issueDeviceToken, readDeviceToken } from "./device-token.js";
import { deviceSeconds, session } from "./limits.js";
import type { StartedSession } from "./queries/sessions.js";
import { issueRefreshToken } from "./refresh-token.js";

type SignIn = {
  env: Env<"AUTH_SECRET" | "APP_URL">;
  ring: KeyRing;
  request: Request;
  sessionId: string;
  /** Whether a device token of the request is void. */
  isNewDevice?: boolean;
};

/**
 * The response that signs a person in: an access token and the user, the cookie of the new session, and the cookie
 * that makes the browser known to the account.
 */
export async function signedIn(
  { env, ring, request, sessionId, isNewDevice = false }: SignIn,
  { user, authTime }: StartedSession,
) {
  const token = await issueAccessToken(env, { userId: user.id, sessionId, role: user.role, authTime });
  // Written again at each sign-in: it lives longer then, and moves to the current AUTH_SECRET.
  const device = isNewDevice
    ? null
    : readDeviceToken(ring, user.email, deviceCookie.read(request.headers, env));
  const deviceToken = issueDeviceToken(ring, user.email, device ?? uuidBytes(sessionId));
  const refreshToken = issueRefreshToken(ring, { sessionId, generation: 0 });
  return {
    status: 200,
    body: { ...token, user },
    headers: {
      "Set-Cookie": [
        sessionCookie.write(env, refreshToken, session.idleSeconds),
        deviceCookie.write(env, deviceToken, deviceSeconds),
      ],
    },
  } as const;
}
