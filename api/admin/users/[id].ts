import { deleteUser, getUser, patchUser } from "../../../lib/admin/contract.js";
import { deleteUserRow, selectUser, updateUser } from "../../../lib/admin/queries.js";
import { createApp } from "../../../lib/app.js";
import { handle } from "../../../lib/handle.js";
import { Problem } from "../../../lib/problem.js";

const app = createApp([getUser, patchUser, deleteUser]);

handle(app, getUser, async (c) => {
  const user = await c.var.db.one(selectUser(c.req.valid("param").id), c.var.access);
  if (!user) throw new Problem("not-found");
  return { status: 200, body: user };
});

handle(app, patchUser, async (c) => {
  const { role, banned } = c.req.valid("json");
  const row = await c.var.db.one(updateUser(c.req.valid("param").id, { role, banned }), c.var.access);
  if (!row) throw new Problem("not-found");
  if (!row.user) throw lastAdmin();
  return { status: 200, body: row.user };
});

handle(app, deleteUser, async (c) => {
  const row = await c.var.db.one(deleteUserRow(c.req.valid("param").id), c.var.access);
  if (!row) throw new Problem("not-found");
  if (!row.isDone) throw lastAdmin();
  return { status: 204 };
});

const lastAdmin = () =>
  new Problem("conflict", { detail: "This is the last admin. Make somebody else one first." });

export default app;
