import { setTimeout as sleep } from "node:timers/promises";
import type { CrashingStack } from "./crashing-stack.js";
import type { RetryingClient } from "./retrying-client.js";

/** Generous, because kills also hit the functions that send the emails. */
const emailTimeoutMs = 90_000;

/** Waits for an email and returns the token of the newest. When its sender was killed, the cron sends it later. */
export async function emailedLink(
  stack: CrashingStack,
  client: RetryingClient,
  email: string,
  subject: string,
): Promise<string> {
  const until = Date.now() + emailTimeoutMs;
  for (let round = 1; Date.now() < until; round += 1) {
    const emails = await stack.resend.control.mails(email);
    const newest = emails.find((sent) => sent.subject === subject);
    const token = /#token=([\w-]+)/.exec(newest?.text ?? "")?.[1];
    if (token) return token;
    await sleep(60);
    if (round % 25 > 0) continue;
    await stack.expireLeases(email);
    await client.send("GET", "/api/cron/outbox", { token: stack.cronSecret });
  }
  const received = (await stack.resend.control.mails(email)).map(({ subject }) => subject);
  const rows = await stack.sql(
    "select kind, attempts, due_at, sent_at, dead_at from outbox where recipient = $1",
    [email],
  );
  throw new Error(`no email "${subject}"; received: ${received}; outbox: ${JSON.stringify(rows)}`);
}
