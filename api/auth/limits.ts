import { createApp } from "../../lib/app.js";
import { readLimits } from "../../lib/auth/contract/limits.js";
import { selectLimits } from "../../lib/auth/queries/limits.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";

const app = createApp([readLimits]);

handle(app, readLimits, async ({ db, env, access }) => {
  const [keys] = keyRing(env.AUTH_SECRET);
  return { status: 200, body: await db.exactlyOne(selectLimits(keys, access.userId), access) };
});

export default app;
