import { createApp } from "../../../lib/app.js";
import { deleteSession } from "../../../lib/auth/contract/own-sessions.js";
import { endOwnSession } from "../../../lib/auth/queries/own-sessions.js";
import { newEvent } from "../../../lib/auth/queries/security-events.js";
import { clearCookieOf } from "../../../lib/auth/session-end.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { handle } from "../../../lib/handle.js";
import { Problem } from "../../../lib/problem.js";

const app = createApp([deleteSession]);

handle(app, deleteSession, async ({ db, env, access, request, params: { id } }) => {
  const event = newEvent(keyRing(env.AUTH_SECRET), request.headers, env);
  const found = await db.maybeOne(endOwnSession(access, id, event), access);
  if (!found) throw new Problem("not-found");
  return { status: 204, headers: id === access.sessionId ? clearCookieOf(id, request.headers, env) : {} };
});

export default app;
