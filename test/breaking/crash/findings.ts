import { kindsWithLink } from "../../../lib/mail/kinds.js";
import { waitFor } from "../../stack/stack.js";
import type { CrashingStack } from "./crashing-stack.js";
import type { JourneyResult, RequestCount } from "./journey.js";

/** Checks database, emails, sessions and logs after the last kill. @returns a line for each violation */
export async function collectFindings(stack: CrashingStack, results: JourneyResult[]): Promise<string[]> {
  const running = await stack.endKills();
  await deliverAll(stack);
  return [
    ...(await emailFindings(stack)),
    ...(await rowFindings(stack, results)),
    ...(await sessionFindings(stack, results)),
    ...stack
      .logs()
      .filter(({ level, code }) => level === "fatal" || code === "internal")
      .map((line) => `logged: ${JSON.stringify(line)}`),
    ...(/nhandled|ncaught/.test(running.output()) ? ["unhandled error or rejection in the output"] : []),
  ];
}

/** Runs the cron until every email is sent or dead. */
async function deliverAll(stack: CrashingStack): Promise<void> {
  const running = await stack.running();
  await waitFor(async () => {
    await stack.expireLeases();
    await running.client().get("/api/cron/outbox", { token: stack.cronSecret });
    const [row] = await stack.sql(
      "select count(*)::int as open from outbox where sent_at is null and dead_at is null",
    );
    return row?.["open"] === 0 || undefined;
  }, 60_000);
}

/**
 * An email that came too late, because a function was killed before it could send it or record that it did: its link
 * has been used, or a repeated request has sent a newer one. A notice has no link and must arrive.
 */
const kindsThatCanBeVoid = [...kindsWithLink("verify-email"), ...kindsWithLink("reset-password")];
const isVoid = `coalesce(last_error = 'void' and kind in ('${kindsThatCanBeVoid.join("', '")}'), false)`;

/** Resend sends one email per idempotency key, so the numbers of keys and emails must match. */
async function emailFindings(stack: CrashingStack): Promise<string[]> {
  const keys = new Set(await stack.resend.control.idempotencyKeys());
  const { accepted } = await stack.resend.control.stats();
  const rows = await stack.sql(
    `select id, dead_at is not null as is_dead, ${isVoid} as is_void from outbox where recipient is not null`,
  );
  const ids = new Set(rows.map(({ id }) => String(id)));
  return [
    ...(accepted === keys.size ? [] : [`Resend sent ${accepted} emails for ${keys.size} keys`]),
    ...rows
      .filter((row) => !row["is_void"] && !keys.has(String(row["id"])))
      .map(({ id }) => `email ${id} was never sent`),
    ...[...keys]
      .filter((key) => !ids.has(key))
      .map((key) => `Resend received the key ${key}, which is not in the outbox`),
    ...rows.filter((row) => row["is_dead"] && !row["is_void"]).map(({ id }) => `email ${id} is dead`),
  ];
}

/** At least the confirmed requests, and at most the uncertain ones in addition. */
const isWithin = (rows: number, { confirmed, uncertain }: RequestCount) =>
  rows >= confirmed && rows <= confirmed + uncertain;

async function rowFindings(stack: CrashingStack, results: JourneyResult[]): Promise<string[]> {
  const rows = await stack.sql(
    `select u.email,
            count(*) filter (where o.kind in ('verify-email', 'already-registered'))::int as sign_up_emails,
            count(*) filter (where o.kind = 'reset-password')::int as reset_requests,
            count(*) filter (where o.kind = 'password-changed')::int as password_changes,
            count(*) filter (where o.kind = 'session-reuse')::int as reuse,
            (select count(*)::int from registrations r where r.email = u.email and r.user_id = u.id) as sign_ups,
            (select count(*)::int from sessions s where s.user_id = u.id) as sessions,
            (select count(*)::int from tasks t where t.user_id = u.id) as tasks
       from users u left join outbox o on o.recipient = u.email and (o.sent_at is not null or ${isVoid}) group by u.id`,
  );
  const byEmail = new Map(rows.map((row) => [row["email"], row]));
  return results.flatMap(({ email, resetRequests, signIns }) => {
    const row = byEmail.get(email);
    const isConsistent =
      row !== undefined &&
      row["sign_ups"] === 1 &&
      row["sign_up_emails"] === 1 &&
      isWithin(Number(row["reset_requests"]), resetRequests) &&
      isWithin(Number(row["sessions"]), signIns) &&
      row["password_changes"] === 1 &&
      row["reuse"] === 0 &&
      row["tasks"] === 2;
    return isConsistent
      ? []
      : [`${JSON.stringify({ resetRequests, signIns })} became ${JSON.stringify(row)}`];
  });
}

/** Users that did not sign out still have a live session, with the cookie of the last response. */
async function sessionFindings(stack: CrashingStack, results: JourneyResult[]): Promise<string[]> {
  const running = await stack.running();
  const findings: string[] = [];
  for (const { email, cookie } of results) {
    if (cookie === null) continue;
    const { status, code } = await running.client().post("/api/auth/refresh", undefined, { cookie });
    if (status !== 200) findings.push(`refreshing the session of ${email} returns ${status} ${code}`);
  }
  const events = await stack.sql("select session_id from security_events where kind = 'refresh-token-reuse'");
  return [...findings, ...events.map((event) => `session ${event["session_id"]} ended for token reuse`)];
}
