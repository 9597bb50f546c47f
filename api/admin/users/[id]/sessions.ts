import { authorOf } from "../../../../lib/admin/author.js";
import { endUserSessions, listUserSessions } from "../../../../lib/admin/contract/sessions.js";
import { endSessionsOf, selectUserSessions } from "../../../../lib/admin/queries/user-sessions.js";
import { newEventByAdmin } from "../../../../lib/auth/queries/security-events.js";
import { keyRing } from "../../../../lib/crypto/keys.js";
import { handle } from "../../../../lib/handle.js";
import { createAppWithMailer } from "../../../../lib/mail/mailer.js";
import { Problem } from "../../../../lib/problem.js";

const app = createAppWithMailer([listUserSessions, endUserSessions]);

handle(app, listUserSessions, async ({ db, access, params }) => {
  const found = await db.maybeOne(selectUserSessions(params.id), access);
  if (!found) throw new Problem("not-found");
  return { status: 200, body: found };
});

handle(app, endUserSessions, async ({ db, env, access, requestId, mailer, params }) => {
  const author = authorOf(access, env, requestId);
  const event = newEventByAdmin(keyRing(env.AUTH_SECRET));
  const row = await db.maybeOne(endSessionsOf(params.id, author, event, env.APP_URL), access);
  if (!row) throw new Problem("not-found");
  mailer.sendLater(...row.emails);
  return { status: 204 };
});

export default app;
