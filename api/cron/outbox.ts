import { auditKey } from "../../lib/audit/audit-key.js";
import { keyRing } from "../../lib/crypto/keys.js";
import { handle } from "../../lib/handle.js";
import { outboxLimits } from "../../lib/mail/limits.js";
import { createAppWithMailer } from "../../lib/mail/mailer.js";
import { deliverOutbox } from "../../lib/system/contract.js";
import { purgeLater } from "../../lib/system/purge.js";
import { leaseAndPurge } from "../../lib/system/queries.js";
import { refreshInstantsLater } from "../../lib/tasks/refresh-instants.js";
import { tzdataVersion } from "../../lib/time/tzdata.js";

const app = createAppWithMailer([deliverOutbox]);

handle(app, deliverOutbox, async ({ db, env, mailer, requestId }) => {
  const key = auditKey(keyRing(env.AUTH_SECRET));
  const { emails, purged, hasMore, hasStaleInstants } = await db.exactlyOne(
    leaseAndPurge(outboxLimits.leasedByCron, env.APP_URL, key, tzdataVersion()),
  );
  mailer.sendLater(...emails);
  if (hasMore) purgeLater(env, requestId);
  if (hasStaleInstants) refreshInstantsLater(env, requestId);
  const dead = emails.filter((email) => email.isDead).length;
  return { status: 200, body: { claimed: emails.length - dead, dead, purged } };
});

export default app;
