import { deleteUser, getUser, patchUser } from "../../../lib/admin/contract.js";
import { deleteUserRow, selectUser, updateUser } from "../../../lib/admin/queries.js";
import { createApp } from "../../../lib/app.js";
import { handle } from "../../../lib/handle.js";
import { Problem } from "../../../lib/problem.js";

const app = createApp([getUser, patchUser, deleteUser]);

handle(app, getUser, async ({ db, access, params }) => {
  const user = await db.maybeOne(selectUser(params.id), access);
  if (!user) throw new Problem("not-found");
  return { status: 200, body: user };
});

handle(app, patchUser, async ({ db, access, params, body }) => {
  const row = await db.maybeOne(updateUser(params.id, body), access);
  if (!row) throw new Problem("not-found");
  if (!row.user) throw new Problem("last-admin");
  return { status: 200, body: row.user };
});

handle(app, deleteUser, async ({ db, access, params }) => {
  const row = await db.maybeOne(deleteUserRow(params.id), access);
  if (!row) throw new Problem("not-found");
  if (!row.isApplied) throw new Problem("last-admin");
  return { status: 204 };
});

export default app;
