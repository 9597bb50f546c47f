import { join } from "node:path";
import * as z from "zod";
import { readJournal } from "../../../dev/resend/journal.js";
import { waitFor } from "../../stack/stack.js";
import type { CrashingStack } from "./crashing-stack.js";
import type { Count, Traveller } from "./journey.js";

/** Everything that is not as it must be once the crashes are over. */
export async function findingsOf(world: CrashingStack, travellers: Traveller[]): Promise<string[]> {
  const stack = await world.calm();
  await deliverAll(world);
  return [
    ...(await mailFindings(world)),
    ...(await promiseFindings(world, travellers)),
    ...(await sessionFindings(world, travellers)),
    ...world
      .logs()
      .filter(({ level, code }) => level === "fatal" || code === "internal")
      .map((line) => `logged: ${JSON.stringify(line)}`),
    ...(/nhandled|ncaught/.test(stack.output()) ? ["a promise was rejected that nobody handled"] : []),
  ];
}

/** What the cron does in the time to come. */
async function deliverAll(world: CrashingStack): Promise<void> {
  const stack = await world.up();
  await waitFor(async () => {
    await world.releaseLeases();
    await stack.client().get("/api/cron/outbox", { token: world.cronSecret });
    const [row] = await world.sql(
      "select count(*)::int as open from outbox where sent_at is null and dead_at is null",
    );
    return row?.["open"] === 0 || undefined;
  }, 60_000);
}

const journalLine = z.looseObject({ request: z.object({ key: z.string() }).optional() });

/** Resend answers a key that it knows without a second mail: so many keys, so many mails. */
async function mailFindings(world: CrashingStack): Promise<string[]> {
  const lines = readJournal(join(world.resendFolder, "resend.jsonl"), journalLine);
  const keys = new Set(lines.flatMap(({ request }) => (request ? [request.key] : [])));
  const { accepted } = await world.resend.control.stats();
  const rows = await world.sql("select id, dead_at from outbox where recipient is not null");
  const ids = new Set(rows.map(({ id }) => String(id)));
  return [
    ...(accepted === keys.size ? [] : [`Resend has sent ${accepted} mails for ${keys.size} keys`]),
    ...[...ids].filter((id) => !keys.has(id)).map((id) => `mail ${id} was never sent`),
    ...[...keys].filter((key) => !ids.has(key)).map((key) => `Resend was given the key ${key} of no mail`),
    ...rows.filter((row) => row["dead_at"] !== null).map(({ id }) => `mail ${id} was given up`),
  ];
}

/** At least what was answered, at most that and what went unheard. */
const isWithin = (rows: number, { answered, unheard }: Count) =>
  rows >= answered && rows <= answered + unheard;

async function promiseFindings(world: CrashingStack, travellers: Traveller[]): Promise<string[]> {
  const rows = await world.sql(
    `select u.email,
            count(*) filter (where o.kind in ('verify-email', 'finish-registration', 'already-registered'))::int as registered,
            count(*) filter (where o.kind in ('verify-email', 'finish-registration'))::int as links,
            count(*) filter (where o.kind = 'reset-password')::int as forgot,
            count(*) filter (where o.kind = 'password-changed')::int as changed,
            count(*) filter (where o.kind = 'session-reuse')::int as reuse,
            (select count(*)::int from sessions s where s.user_id = u.id) as sessions,
            (select count(*)::int from tasks t where t.user_id = u.id) as tasks
       from users u left join outbox o on o.user_id = u.id and o.sent_at is not null group by u.id`,
  );
  const byEmail = new Map(rows.map((row) => [row["email"], row]));
  const withoutMail = rows.filter(({ links }) => links === 0).map(({ email }) => `${email} has got no link`);
  const broken = travellers.flatMap(({ email, registered, forgot, loggedIn, changes }) => {
    const row = byEmail.get(email);
    const isKept =
      row !== undefined &&
      isWithin(Number(row["registered"]), registered) &&
      isWithin(Number(row["forgot"]), forgot) &&
      isWithin(Number(row["sessions"]), loggedIn) &&
      row["changed"] === changes &&
      row["reuse"] === 0 &&
      row["tasks"] === 2;
    return isKept
      ? []
      : [`${JSON.stringify({ registered, forgot, loggedIn })} became ${JSON.stringify(row)}`];
  });
  return [...withoutMail, ...broken];
}

/** Whoever has not logged out is still logged in, with the cookie of the last answer. */
async function sessionFindings(world: CrashingStack, travellers: Traveller[]): Promise<string[]> {
  const stack = await world.up();
  const findings: string[] = [];
  for (const { email, cookie } of travellers) {
    if (cookie === null) continue;
    const { status, code } = await stack.client().post("/api/auth/refresh", undefined, { cookie });
    if (status !== 200) findings.push(`the session of ${email} answers ${status} ${code}`);
  }
  const events = await world.sql("select session_id from security_events where kind = 'refresh-token-reuse'");
  return [...findings, ...events.map((event) => `session ${event["session_id"]} was taken for stolen`)];
}
