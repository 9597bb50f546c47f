import { createApp } from "../../lib/app.js";
import { resendVerification } from "../../lib/auth/contract.js";
import { requestLink } from "../../lib/auth/request-link.js";
import { handle } from "../../lib/handle.js";

const app = createApp([resendVerification]);

handle(app, resendVerification, async (c) => {
  const { email } = c.req.valid("json");
  const request = {
    purpose: "verify-email",
    email,
    headers: c.req.raw.headers,
    requestId: c.var.requestId,
  } as const;
  await requestLink(c.var.db, c.var.env.AUTH_SECRET, request);
  return { status: 202, body: { message: "If the address still needs confirming, a mail is on its way." } };
});

export default app;
