import { authorOf } from "../../../lib/admin/author.js";
import { dropEmail } from "../../../lib/admin/contract/outbox.js";
import { dropEmailRow } from "../../../lib/admin/queries/outbox-changes.js";
import { createApp } from "../../../lib/app.js";
import { handle } from "../../../lib/handle.js";
import { Problem } from "../../../lib/problem.js";

const app = createApp([dropEmail]);

handle(app, dropEmail, async ({ db, env, access, requestId, params }) => {
  const row = await db.maybeOne(dropEmailRow(params.id, authorOf(access, env, requestId)), access);
  if (!row) throw new Problem("not-found");
  if (row.isSent) throw new Problem("email-sent");
  return { status: 204 };
});

export default app;
