import { createApp } from "../../lib/app.js";
import { bearerProblem } from "../../lib/auth/challenge.js";
import { nameTag } from "../../lib/auth/context-tags.js";
import { getMe, patchMe } from "../../lib/auth/contract/account.js";
import { selectMe, updateMe } from "../../lib/auth/queries/accounts.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";

const app = createApp([getMe, patchMe]);

handle(app, getMe, async ({ db, access }) => {
  const user = await db.maybeOne(selectMe(access.userId), access);
  if (!user) throw bearerProblem("session-ended", "invalid_token");
  return { status: 200, body: user };
});

handle(app, patchMe, async ({ db, env, access, body: { name, timeZone } }) => {
  const isEmpty = name === undefined && timeZone === undefined;
  const newTag = name === undefined ? undefined : nameTag(keyRing(env.AUTH_SECRET), name);
  const query = isEmpty
    ? selectMe(access.userId)
    : updateMe(access.userId, { name, nameTag: newTag, timeZone });
  const user = await db.maybeOne(query, access);
  if (!user) throw bearerProblem("session-ended", "invalid_token");
  return { status: 200, body: user };
});

export default app;
