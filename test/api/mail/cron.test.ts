import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { outboxLimits } from "../../../lib/mail/limits.js";
import { seedUser } from "../../stack/seed.js";
import { hasPostgres, type Stack, startStack, waitFor } from "../../stack/stack.js";
import { insertDueEmails } from "./outbox-emails.js";
import { makeDue, rowsOf, runCron } from "./outbox-rows.js";
import { accepted, type RecordingResend, startRecordingResend } from "./recording-resend.js";

describe("GET /api/cron/outbox", () => {
  let stack: Stack;
  let resend: RecordingResend;
  beforeAll(async () => {
    resend = await startRecordingResend();
    stack = await startStack({ env: { RESEND_BASE_URL: resend.origin } });
  });
  afterAll(async () => {
    await stack.stop();
    resend.stop();
  });

  // A run keeps working after its response and could claim the next test's emails.
  beforeEach(() => stack.waitUntilIdle());

  /** Inserts due emails to one address. @param change to their rows, as SQL */
  async function insertEmails(count: number, change = "") {
    const emails = await insertDueEmails(stack, count);
    if (change) await stack.sql(`update outbox set ${change} where recipient = $1`, [emails.email]);
    return emails;
  }
  const sentTo = (email: string, count: number) =>
    waitFor(async () => {
      const rows = await rowsOf(stack, email);
      return rows.filter((row) => row.isSent).length >= count ? rows : undefined;
    }, 30_000);

  test.each([
    ["without a secret", {}],
    ["with another secret", { token: "x".repeat(43) }],
    ["with another scheme", { headers: { authorization: "Basic x" } }],
  ])("returns 401 %s and sends nothing", async (_case, options) => {
    const { email } = await insertEmails(1);
    expect((await stack.client().get("/api/cron/outbox", options)).code).toBe("unauthenticated");
    expect(await rowsOf(stack, email)).toMatchObject([{ attempts: 1, isSent: false }]);
    await runCron(stack);
    await sentTo(email, 1);
  });

  test("returns the number of emails it claims and gives up", async () => {
    const live = await insertEmails(2);
    const expired = await insertEmails(3, "expires_at = now()");
    expect((await runCron(stack)).json).toEqual({ claimed: 2, dead: 3, purged: expect.any(Number) });
    await sentTo(live.email, 2);
    expect(resend.to(expired.email)).toEqual([]);
  });

  test("leaves leased, sent and dead emails alone", async () => {
    const leased = await insertEmails(1, "due_at = now() + interval '60 seconds'");
    const sent = await insertEmails(1, "sent_at = now()");
    const dead = await insertEmails(1, "dead_at = now()");
    expect((await runCron(stack)).json).toMatchObject({ claimed: 0, dead: 0 });
    for (const { email } of [leased, sent, dead]) expect(resend.to(email)).toEqual([]);
    await stack.sql("delete from outbox where recipient = $1", [leased.email]);
  });

  test("claims no more emails than it can send in one run, and leases them", async () => {
    const [limit, extra] = [outboxLimits.leasedByCron, 10];
    const { email } = await insertEmails(limit + extra);
    // The first run is still sending when the second claims.
    resend.respond(email, { ...accepted, delayMs: 3_000 }, accepted);
    expect((await runCron(stack)).json.claimed).toBe(limit);
    expect((await runCron(stack)).json.claimed).toBe(extra);
    const rows = await sentTo(email, limit + extra);
    expect(new Set(resend.to(email).map((call) => call.key)).size).toBe(resend.to(email).length);
    expect(rows.filter((row) => row.attempts > 2)).toEqual([]);
  });

  test("sends only a few due emails after POST /api/auth/refresh", async () => {
    const ada = await seedUser(stack);
    const { email } = await insertEmails(3 * outboxLimits.leasedAfterResponse);
    await ada.client.post("/api/auth/refresh");
    await sentTo(email, outboxLimits.leasedAfterResponse);
    expect(resend.to(email)).toHaveLength(outboxLimits.leasedAfterResponse);
    await stack.sql("delete from outbox where recipient = $1", [email]);
  });

  test.skipIf(!hasPostgres())("claims and sends each email once in five concurrent runs", async () => {
    const { email, ids } = await insertEmails(30);
    // Slows down each row, so that the runs overlap.
    await stack.sql(`create function slow_down_update() returns trigger language plpgsql as
      $$ begin perform pg_sleep(0.01); return new; end $$`);
    await stack.sql(
      "create trigger slow_down_update before update on outbox for each row execute function slow_down_update()",
    );
    const runs = await Promise.all(Array.from({ length: 5 }, () => runCron(stack)));
    await stack.sql("drop function slow_down_update() cascade");
    expect(runs.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(runs.reduce((sum, { json }) => sum + json.claimed, 0)).toBe(30);
    await sentTo(email, 30);
    expect(
      resend
        .to(email)
        .map((call) => call.key)
        .sort(),
    ).toEqual([...ids].sort());
    expect((await rowsOf(stack, email)).every((row) => row.attempts === 2)).toBe(true);
  });

  test.skipIf(!hasPostgres())("does not wait for a row that another run is claiming", async () => {
    const { email, ids } = await insertEmails(2);
    const other = new pg.Client({ connectionString: stack.ownerUrl });
    await other.connect();
    await other.query("begin");
    await other.query("select from outbox where id = $1 for update", [ids[0]]);
    expect((await runCron(stack)).json).toMatchObject({ claimed: 1 });
    await other.query("rollback");
    await other.end();
    await runCron(stack);
    await sentTo(email, 2);
  });

  test("takes over an expired lease", async () => {
    const { email } = await insertEmails(1, "due_at = now() + interval '60 seconds'");
    expect((await runCron(stack)).json.claimed).toBe(0);
    await stack.waitUntilIdle();
    await makeDue(stack, email);
    expect((await runCron(stack)).json.claimed).toBe(1);
    await sentTo(email, 1);
  });
});
