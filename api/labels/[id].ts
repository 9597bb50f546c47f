import { createApp } from "../../lib/app.js";
import { handle } from "../../lib/handle.js";
import { deleteLabel, getLabel, patchLabel } from "../../lib/labels/contract.js";
import { deleteLabelRow } from "../../lib/labels/queries/delete.js";
import { selectLabel } from "../../lib/labels/queries/list.js";
import { renameLabel } from "../../lib/labels/queries/rename.js";
import { Problem } from "../../lib/problem.js";

const app = createApp([getLabel, patchLabel, deleteLabel]);

handle(app, getLabel, async ({ db, access, params }) => {
  const label = await db.maybeOne(selectLabel(access.userId, params.id), access);
  if (!label) throw new Problem("not-found");
  return { status: 200, body: label };
});

handle(app, patchLabel, async ({ db, access, params, body }) => {
  const row = await db.maybeOne(renameLabel({ ...access, ...params }, body.name), access);
  if (!row) throw new Problem("not-found");
  if (row.isTaken) throw new Problem("label-exists");
  return { status: 200, body: row.label };
});

handle(app, deleteLabel, async ({ db, access, params }) => {
  const { isFound } = await db.exactlyOne(deleteLabelRow({ ...access, ...params }), access);
  if (!isFound) throw new Problem("not-found");
  return { status: 204 };
});

export default app;
