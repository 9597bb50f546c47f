import { createApp } from "../../lib/app.js";
import { bearerProblem } from "../../lib/auth/challenge.js";
import { nameTag } from "../../lib/auth/context-tags.js";
import { getMe, patchMe } from "../../lib/auth/contract.js";
import { selectMe, updateMyName } from "../../lib/auth/queries/accounts.js";
import { handle } from "../../lib/handle.js";

const app = createApp([getMe, patchMe]);

handle(app, getMe, async (c) => {
  const { access } = c.var;
  const user = await c.var.db.one(selectMe(access.userId), access);
  if (!user) throw bearerProblem("session-ended", "invalid_token");
  return { status: 200, body: user };
});

handle(app, patchMe, async (c) => {
  const { access, claims } = c.var;
  const { name } = c.req.valid("json");
  const change =
    name === undefined
      ? selectMe(access.userId)
      : updateMyName(access.userId, name, nameTag(claims.ring, name));
  const user = await c.var.db.one(change, access);
  if (!user) throw bearerProblem("session-ended", "invalid_token");
  return { status: 200, body: user };
});

export default app;
