import { createApp } from "../../lib/app.js";
import { forgotPassword } from "../../lib/auth/contract.js";
import { requestLink } from "../../lib/auth/request-link.js";
import { handle } from "../../lib/handle.js";

const app = createApp([forgotPassword]);

handle(app, forgotPassword, async (c) => {
  const { email } = c.req.valid("json");
  const request = {
    purpose: "reset-password",
    email,
    headers: c.req.raw.headers,
    requestId: c.var.requestId,
  } as const;
  await requestLink(c.var.db, c.var.env.AUTH_SECRET, request);
  return {
    status: 202,
    body: { message: "If there is an account with this address, a mail is on its way." },
  };
});

export default app;
