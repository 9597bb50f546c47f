import { authorOf } from "../../../../lib/admin/author.js";
import { restoreUser } from "../../../../lib/admin/contract/accounts.js";
import { restoreUserRow } from "../../../../lib/admin/queries/restoring.js";
import { newEventByAdmin } from "../../../../lib/auth/queries/security-events.js";
import { keyRing } from "../../../../lib/crypto/keys.js";
import { handle } from "../../../../lib/handle.js";
import { createAppWithMailer } from "../../../../lib/mail/mailer.js";
import { Problem } from "../../../../lib/problem.js";

const app = createAppWithMailer([restoreUser]);

handle(app, restoreUser, async ({ db, env, access, requestId, mailer, params }) => {
  const author = authorOf(access, env, requestId);
  const event = newEventByAdmin(keyRing(env.AUTH_SECRET));
  const row = await db.maybeOne(restoreUserRow(params.id, author, event, env.APP_URL), access);
  if (!row) throw new Problem("not-found");
  mailer.sendLater(...row.emails);
  return { status: 200, body: row.user };
});

export default app;
