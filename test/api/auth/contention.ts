import pg from "pg";
import { type Stack, waitFor } from "../../stack/stack.js";

const waiting = `select count(*)::int as count from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;

/** Waits until so many statements wait for a lock. */
export const queued = (stack: Stack, racers: number) =>
  waitFor(async () => Number((await stack.sql(waiting))[0]?.["count"]) >= racers || undefined);

/**
 * Holds the rows of `select` until `racers` statements wait for them, then lets all go at once: a race that happens
 * every time. Needs a real Postgres. Fails when the database had to undo a racer's work, as for a deadlock.
 */
export async function atOnce<T>(
  stack: Stack,
  { select, params, racers }: { select: string; params: unknown[]; racers: number },
  race: () => Promise<T>,
): Promise<T> {
  const holder = new pg.Client({ connectionString: String(stack.env["DATABASE_URL"]) });
  await holder.connect();
  const { failed } = await stack.neon.stats(stack.databaseName);
  try {
    await holder.query("begin");
    await holder.query(`${select} for update`, params);
    const racing = race();
    await Promise.race([racing, queued(stack, racers)]);
    await holder.query("commit");
    const result = await racing;
    const after = await stack.neon.stats(stack.databaseName);
    if (after.failed !== failed) throw new Error(`${after.failed - failed} statements failed`);
    return result;
  } finally {
    await holder.end();
  }
}

/** Runs `meanwhile` while `call` waits at the first statement that writes to the table. Needs a real Postgres. */
export async function whileHeld<T>(
  stack: Stack,
  table: string,
  call: () => Promise<T>,
  meanwhile: () => Promise<unknown>,
): Promise<T> {
  const holder = new pg.Client({ connectionString: String(stack.env["DATABASE_URL"]) });
  await holder.connect();
  try {
    await holder.query("begin");
    await holder.query(`lock table ${table} in share mode`);
    const called = call();
    await queued(stack, 1);
    await meanwhile();
    await holder.query("commit");
    return await called;
  } finally {
    await holder.end();
  }
}

export const userRow = (email: string, racers: number) => ({
  select: "select from users where email_key = lower($1)",
  params: [email],
  racers,
});

export const sessionRow = (userId: string, racers: number) => ({
  select: "select from sessions where user_id = $1",
  params: [userId],
  racers,
});
