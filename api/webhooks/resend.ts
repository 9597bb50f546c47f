import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { receiveEmailEvent } from "../../lib/mail/contract.js";
import { queryOf } from "../../lib/mail/email-event.js";
import { createAppWithWebhook } from "../../lib/mail/webhook.js";

const app = createAppWithWebhook([receiveEmailEvent]);

handle(app, receiveEmailEvent, async ({ db, env, body }) => {
  const query = queryOf(body, keyRing(env.AUTH_SECRET));
  if (query) await db.exactlyOne(query);
  return { status: 204 };
});

export default app;
