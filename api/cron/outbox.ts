import { createApp } from "../../lib/app.js";
import { handle } from "../../lib/handle.js";
import { sendAfterAnswer } from "../../lib/mail/after-answer.js";
import { outboxLimits } from "../../lib/mail/limits.js";
import { deliverOutbox } from "../../lib/system/contract.js";
import { purgeAfterAnswer } from "../../lib/system/purge.js";
import { claimAndPurge } from "../../lib/system/queries.js";

const app = createApp([deliverOutbox]);

handle(app, deliverOutbox, async (c) => {
  const { mails, purged } = await c.var.db.only(claimAndPurge(outboxLimits.claimedByCron));
  sendAfterAnswer(mails, c.var.requestId);
  if (purged > 0) purgeAfterAnswer(c.var.requestId);
  const dead = mails.filter((mail) => mail.isDead).length;
  return { status: 200, body: { claimed: mails.length - dead, dead, purged } };
});

export default app;
