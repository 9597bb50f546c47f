import { authorOf } from "../../../../lib/admin/author.js";
import { retryEmail } from "../../../../lib/admin/contract/outbox.js";
import { retryEmailRow } from "../../../../lib/admin/queries/outbox-changes.js";
import { handle } from "../../../../lib/handle.js";
import { createAppWithMailer } from "../../../../lib/mail/mailer.js";
import { Problem } from "../../../../lib/problem.js";

const app = createAppWithMailer([retryEmail]);

handle(app, retryEmail, async ({ db, env, access, requestId, mailer, params }) => {
  const author = authorOf(access, env, requestId);
  const row = await db.maybeOne(retryEmailRow(params.id, author, env.APP_URL), access);
  if (!row) throw new Problem("not-found");
  if (row.isOutdated) throw new Problem("email-outdated");
  mailer.sendLater(row.email);
  return { status: 202 };
});

export default app;
