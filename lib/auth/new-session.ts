import { uuidv7 } from "uuidv7";
import type { KeyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import { sessionCookie } from "./cookies.js";
import { newEvent } from "./queries/security-events.js";
import type { NewSession } from "./queries/sessions.js";
import { readRefreshToken } from "./refresh-token.js";

/** A session to start. It replaces the one that the cookie of the request names. */
export const newSession = (ring: KeyRing, headers: Headers, env: Env<"APP_URL">): NewSession => ({
  sessionId: uuidv7(),
  event: newEvent(ring, headers, env),
  replacedSessionId: readRefreshToken(ring, sessionCookie.read(headers, env))?.sessionId ?? null,
});
