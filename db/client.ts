import type * as z from "zod";
import { batchOf, foundRows, guardedRead, type Job } from "./batch.js";
import type { Allowance } from "./charge.js";
import { openDriver, type Row } from "./driver.js";
import { BudgetRefusal, DatabaseFault, isRetryable, toFault } from "./fault.js";
import type { Deadline } from "./http-client.js";
import type { Access, Query } from "./query.js";
import { createQueue } from "./queue.js";

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
    const allowance = allowanceFor(query, access);
    const onReceived = allowance && ((bytes: number) => allowance.receive(bytes));
    const startedAt = performance.now();
    try {
      if (!access && !charge && !query.first) return await driver.run(query.statement, onReceived);
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
    const allowance = allowanceFor(query, access);
    const charge = allowance ? allowance.chargeFor(query) : query.charge;
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

const allowanceFor = (query: Query<unknown>, access: Access | undefined): Allowance | undefined =>
  access?.allowance ?? query.allowance;

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
