import { authorOf } from "../../../lib/admin/author.js";
import { deleteUser, getUser, patchUser } from "../../../lib/admin/contract/users.js";
import { updateUser } from "../../../lib/admin/queries/changes.js";
import { deleteUserRow } from "../../../lib/admin/queries/deletion.js";
import { selectUser } from "../../../lib/admin/queries/users.js";
import { handle } from "../../../lib/handle.js";
import { createAppWithMailer } from "../../../lib/mail/mailer.js";
import { Problem } from "../../../lib/problem.js";

const app = createAppWithMailer([getUser, patchUser, deleteUser]);

handle(app, getUser, async ({ db, access, params }) => {
  const user = await db.maybeOne(selectUser(params.id), access);
  if (!user) throw new Problem("not-found");
  return { status: 200, body: user };
});

handle(app, patchUser, async ({ db, env, access, requestId, mailer, params, body }) => {
  const author = authorOf(access, env, requestId);
  const row = await db.maybeOne(updateUser(params.id, body, author, env.APP_URL), access);
  if (!row) throw new Problem("not-found");
  if (!row.user) throw new Problem("last-admin");
  mailer.sendLater(...row.emails);
  return { status: 200, body: row.user };
});

handle(app, deleteUser, async ({ db, env, access, requestId, params }) => {
  const author = authorOf(access, env, requestId);
  const row = await db.maybeOne(deleteUserRow(params.id, author), access);
  if (!row) throw new Problem("not-found");
  if (!row.isApplied) throw new Problem("last-admin");
  return { status: 204 };
});

export default app;
