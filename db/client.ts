import { type SQL, sql } from "drizzle-orm";
import type * as z from "zod";
import type { Allowance, Charge } from "./charge.js";
import { openDriver, type Row } from "./driver.js";
import { BudgetRefusal, DatabaseFault, isRetryable, toFault } from "./fault.js";
import type { Deadline } from "./http-client.js";
import { createQueue } from "./queue.js";
import type { Role } from "./schema/users.js";

/** One statement, its name in logs, and the schema that its rows must match. */
export type Query<Result> = {
  name: string;
  statement: SQL;
  rowSchema: z.ZodType<Result>;
  /**
   * Runs before the statement, in the same transaction, such as a lock. The statement then sees every change that the
   * lock waited for: under READ COMMITTED, each statement takes a new snapshot.
   */
  first?: SQL;
  /** Runs first of all. Only for queries without `Access`, which brings its charge. */
  charge?: Charge;
  /** Set on a statement without side effects: it may be retried. */
  isReadOnly?: true;
};

/** The session that a guarded query runs for, the role it requires, and the budgets that it charges. */
export type Access = { sessionId: string; userId: string; role?: Role; allowance: Allowance };

export type DatabaseOptions = {
  url: string;
  endpoint: string | undefined;
  /** Called after every round trip, successful or not. */
  onTrip?: (milliseconds: number) => void;
};

/** For all round trips of a request together, including time in the queue. Starts at the first one. */
export const deadlineMs = 5_000;
/** A query that cannot start this long before the deadline is rejected: it would time out and delay the others. */
const reservedForTripMs = 2_000;

/**
 * Short spikes queue, such as those while Neon wakes up; sustained overload is rejected early. A running query holds
 * two file descriptors and a queued one holds one, of the 1,024 that Vercel gives an instance.
 */
const enqueue = createQueue({ concurrency: 128, maxQueued: 512 });

/**
 * The database as one request sees it: one HTTP round trip per call, all before one deadline. With `access`, the
 * session is checked and its user is charged in the same round trip and transaction. All methods throw DatabaseFault,
 * GuardRefusal when the check fails, or the refusal of a charge.
 */
export type Database = {
  many<Result>(query: Query<Result>, access?: Access): Promise<Result[]>;
  maybeOne<Result>(query: Query<Result>, access?: Access): Promise<Result | undefined>;
  /** For statements that always return one row. Any other number is a DatabaseFault. */
  exactlyOne<Result>(query: Query<Result>, access?: Access): Promise<Result>;
};

export function openDatabase({ url, endpoint, onTrip }: DatabaseOptions): Database {
  let connection: { driver: ReturnType<typeof openDriver>; deadline: Deadline } | undefined;
  const connect = () => {
    if (connection) return connection;
    const deadline = { atMs: performance.now() + deadlineMs };
    connection = { driver: openDriver({ url, endpoint, deadline }), deadline };
    return connection;
  };

  async function send({ query, access, charge }: Job): Promise<Row[]> {
    const { driver } = connect();
    const onReceived = access && ((bytes: number) => access.allowance.receive(bytes));
    const startedAt = performance.now();
    try {
      if (!access && !charge && !query.first) return await driver.run(query.statement);
      if (access && !charge && query.isReadOnly)
        return foundRows(await driver.run(guardedRead(access, query.statement), onReceived));
      const results = await driver.transaction(batchOf({ query, access, charge }), onReceived);
      const rows = results.at(-1);
      // Without this, a broken endpoint would look like a query that found nothing.
      if (!rows) throw new Error("the transaction returned no results");
      return rows;
    } catch (error) {
      const fault = toFault(error, query.name);
      throw charge && fault instanceof BudgetRefusal ? charge.refusal(fault) : fault;
    } finally {
      onTrip?.(performance.now() - startedAt);
    }
  }

  async function sendWithRetry(job: Job): Promise<Row[]> {
    try {
      return await send(job);
    } catch (error) {
      const canRetry = error instanceof DatabaseFault && isRetryable(error, job.query.isReadOnly === true);
      if (!canRetry) throw error;
      return await send(job);
    }
  }

  async function many<Result>(query: Query<Result>, access?: Access): Promise<Result[]> {
    const charge = access ? access.allowance.chargeFor(query) : query.charge;
    try {
      const rows = await enqueue(() => sendWithRetry({ query, access, charge }), {
        maxWaitMs: connect().deadline.atMs - reservedForTripMs - performance.now(),
        rejection: () => new DatabaseFault("overloaded", query.name),
      });
      return rows.map((row) => parseRow(query, row));
    } catch (error) {
      charge?.undo();
      throw error;
    }
  }

  return {
    many,
    maybeOne: async (query, access) => (await many(query, access))[0],
    async exactlyOne(query, access) {
      const [row, ...more] = await many(query, access);
      if (row === undefined) throw new DatabaseFault("unexpected-result", query.name, { at: "no row" });
      if (more.length > 0)
        throw new DatabaseFault("unexpected-result", query.name, { at: "more than one row" });
      return row;
    },
  };
}

function parseRow<Result>(query: Query<Result>, row: Row): Result {
  const parsed = query.rowSchema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new DatabaseFault("unexpected-result", query.name, { at: mismatches(parsed.error) });
}

const maxMismatches = 3;

/** Paths and codes only: a message may quote a value of the row. */
const mismatches = ({ issues }: z.ZodError): string =>
  issues
    .slice(0, maxMismatches)
    .map(({ path, code }) => `${path.map(String).join(".")}: ${code}`)
    .join(", ");

const sessionGuard = ({ sessionId, userId, role }: Access) =>
  sql`require_session(${sessionId}::uuid, ${userId}::uuid, ${role ?? null}::text)`;

const requireSession = (access: Access) => sql`select ${sessionGuard(access)}`;

/** Serializes changes by admins and operators until the transaction ends. */
export const adminLock = sql`select pg_advisory_xact_lock(hashtext('latchkey admins'))`;

/** A query, and what its batch charges. */
type Job = { query: Query<unknown>; access: Access | undefined; charge: Charge | undefined };

/**
 * Every batch takes its locks in this order, which prevents deadlocks: the budgets of the user (sessions, or writes and
 * then data), the lock of admins, that of `first`, then rows. Statements charge, refund and clear only the budgets of
 * addresses, accounts, devices, mailboxes and links.
 */
const batchOf = ({ query, access, charge }: Job): SQL[] => [
  ...(access ? guardsOf(access, charge, query) : charge ? [charge.statement] : []),
  ...(query.first ? [query.first] : []),
  query.statement,
];

/**
 * A charge locks its budget, so the writes of one user run one at a time. Changes by admins run one at a time, too:
 * two admins cannot demote each other. The first check keeps other callers from queuing for the locks; the second sees
 * the changes made while waiting for them.
 */
function guardsOf(access: Access, charge: Charge | undefined, { isReadOnly }: Query<unknown>): SQL[] {
  const isAdminChange = access.role === "admin" && !isReadOnly;
  const locks = [...(charge ? [charge.statement] : []), ...(isAdminChange ? [adminLock] : [])];
  const check = requireSession(access);
  return locks.length === 0 ? [check] : [check, ...locks, check];
}

/**
 * A read and its guard in one statement, which saves a transaction. The guard is on the left of an outer join, so
 * Postgres runs it even if the read finds nothing; the result is then one row of nulls.
 */
const guardedRead = (access: Access, read: SQL) => sql`
  select found.* from ${sessionGuard(access)} as guard
    left join lateral (select true as "isFound", wanted.* from (${read}) as wanted) as found on true`;

function foundRows(rows: Row[]): Row[] {
  if (rows.length === 0) throw new Error("the guard returned no row");
  return rows.filter(({ isFound }) => isFound !== null);
}
