import { createApp } from "../../../lib/app.js";
import { deleteSessions, listSessions } from "../../../lib/auth/contract/own-sessions.js";
import { endOwnSessions, selectOwnSessions } from "../../../lib/auth/queries/own-sessions.js";
import { newEvent } from "../../../lib/auth/queries/security-events.js";
import { clearCookieOf } from "../../../lib/auth/session-end.js";
import { keyRing } from "../../../lib/crypto/keys.js";
import { handle } from "../../../lib/handle.js";

const app = createApp([listSessions, deleteSessions]);

handle(app, listSessions, async ({ db, access }) => {
  const sessions = await db.many(selectOwnSessions(access), access);
  return { status: 200, body: { sessions } };
});

handle(app, deleteSessions, async ({ db, env, access, request, query }) => {
  const withCurrent = query.current === "true";
  const event = newEvent(keyRing(env.AUTH_SECRET), request.headers, env);
  await db.exactlyOne(endOwnSessions(access, withCurrent, event), access);
  return { status: 204, headers: withCurrent ? clearCookieOf(access.sessionId, request.headers, env) : {} };
});

export default app;
