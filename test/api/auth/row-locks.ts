import pg from "pg";
import { type Stack, waitFor } from "../../stack/stack.js";

const blockedCount = `select count(*)::int as count from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;

/** Waits until that number of statements are blocked on a lock. */
export const waitForBlocked = (stack: Stack, statements: number) =>
  waitFor(async () => Number((await stack.sql(blockedCount))[0]?.["count"]) >= statements || undefined);

/**
 * Locks the rows of `select` until `racers` statements are blocked on them, then releases all of them together, so
 * that the race happens every time. Needs a real Postgres. Throws when the database aborted a racer, as in a deadlock.
 */
export async function raceOnRows<T>(
  stack: Stack,
  { select, params, racers }: { select: string; params: unknown[]; racers: number },
  race: () => Promise<T>,
): Promise<T> {
  const holder = new pg.Client({ connectionString: stack.ownerUrl });
  await holder.connect();
  const { failed } = await stack.neon.stats(stack.databaseName);
  try {
    await holder.query("begin");
    await holder.query(`${select} for update`, params);
    const racing = race();
    await Promise.race([racing, waitForBlocked(stack, racers)]);
    await holder.query("commit");
    const result = await racing;
    const after = await stack.neon.stats(stack.databaseName);
    if (after.failed !== failed) throw new Error(`${after.failed - failed} statements failed`);
    return result;
  } finally {
    await holder.end();
  }
}

/** Runs a statement, and commits it when `call` is blocked on a row that it changed. Needs a real Postgres. */
export async function runWhileChanging<T>(
  stack: Stack,
  statement: string,
  params: unknown[],
  call: () => Promise<T>,
): Promise<T> {
  const holder = new pg.Client({ connectionString: stack.ownerUrl });
  await holder.connect();
  try {
    await holder.query("begin");
    await holder.query(statement, params);
    const called = call();
    await waitForBlocked(stack, 1);
    await holder.query("commit");
    return await called;
  } finally {
    await holder.end();
  }
}

/** Runs `interruption` while `call` is blocked by the locks of a statement. Needs a real Postgres. */
export async function runWhileBlocked<T>(
  stack: Stack,
  lock: string,
  call: () => Promise<T>,
  interruption: () => Promise<unknown>,
): Promise<T> {
  const holder = new pg.Client({ connectionString: stack.ownerUrl });
  await holder.connect();
  try {
    await holder.query("begin");
    await holder.query(lock);
    const called = call();
    await waitForBlocked(stack, 1);
    await interruption();
    await holder.query("commit");
    return await called;
  } finally {
    await holder.end();
  }
}

/**
 * Starts `call` while a transaction with these statements is open, and commits once `call` is blocked on a row that
 * they changed. Needs a real Postgres.
 */
export async function runDuringTransaction<T>(
  stack: Stack,
  statements: readonly string[],
  params: unknown[],
  call: () => Promise<T>,
): Promise<T> {
  const holder = new pg.Client({ connectionString: stack.ownerUrl });
  await holder.connect();
  try {
    await holder.query("begin");
    for (const statement of statements) await holder.query(statement, params);
    const called = call();
    await Promise.race([called, waitForBlocked(stack, 1)]);
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
