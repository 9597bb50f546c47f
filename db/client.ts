import { neonConfig } from "@neondatabase/serverless";
import { type SQL, sql } from "drizzle-orm";
import type * as z from "zod/mini";
import { connect, type Row } from "./driver.js";
import { classify, DatabaseFault, GuardRefusal, mayRetry } from "./fault.js";
import { takingTurns } from "./turns.js";

/** One statement: its name in logs, its text, and the shape of its rows. */
export type Query<Row extends z.ZodMiniType> = { name: string; statement: SQL; row: Row; reads?: true };

/** Whom a guarded query is run for, and the role it needs. */
export type Access = { sessionId: string; userId: string; role?: "admin" };

export type DatabaseOptions = {
  url: string;
  endpoint: string | undefined;
  /** Told of every trip, failed ones too. */
  onTrip: (milliseconds: number) => void;
};

/** Of all trips of a request together, with the wait for their turn, from its first on. */
export const deadlineMs = 5_000;
/** Of the deadline. What would begin later is not begun: it would be given up half-way, and keep others waiting. */
const leftForTripMs = 2_000;

/**
 * A stall of a second or two, such as Neon waking up, is waited out. Of what comes in faster than it goes out for
 * longer, the rest is sent away, which costs next to nothing, instead of failing at its deadline. A trip holds two
 * file descriptors and who waits holds one, of the 1,024 that Vercel gives an instance.
 */
const inTurn = takingTurns({ atOnce: 128, waiting: 512 });

/** A request's way to the database: one HTTP trip a call, all within one deadline. */
export type Database = {
  all<Row extends z.ZodMiniType>(query: Query<Row>, access?: Access): Promise<z.output<Row>[]>;
  one<Row extends z.ZodMiniType>(query: Query<Row>, access?: Access): Promise<z.output<Row> | undefined>;
  /** For statements that yield one row whatever they find: none is a fault, and says nothing about anybody. */
  only<Row extends z.ZodMiniType>(query: Query<Row>, access?: Access): Promise<z.output<Row>>;
};

/**
 * Opens nothing yet: the deadline begins with the first call. With `access`, the session is checked in the same
 * trip and transaction. All methods throw DatabaseFault, or GuardRefusal when `access` is refused.
 */
export function openDatabase({ url, endpoint, onTrip }: DatabaseOptions): Database {
  if (endpoint) neonConfig.fetchEndpoint = endpoint;
  let connection: ReturnType<typeof connect> | undefined;
  const connected = () => {
    connection ??= connect(url, { atMs: performance.now() + deadlineMs });
    return connection;
  };

  async function trip(query: Query<z.ZodMiniType>, access: Access | undefined): Promise<Row[]> {
    const client = connected();
    const startedAt = performance.now();
    try {
      if (!access) return await client.run(query.statement);
      if (query.reads) return foundRows(await client.run(guardedRead(access, query.statement)));
      // Changes by admins queue up, and their role is looked at again afterwards: two cannot demote each other,
      // and who is no admin cannot hold up the queue.
      const guards =
        access.role === "admin"
          ? [requireSession(access), adminLock, requireSession(access)]
          : [requireSession(access)];
      return await client.transaction([...guards, query.statement]);
    } finally {
      onTrip(performance.now() - startedAt);
    }
  }

  async function attempt(query: Query<z.ZodMiniType>, access: Access | undefined): Promise<Row[]> {
    try {
      return await trip(query, access);
    } catch (error) {
      const fault = classify(error, query.name);
      if (fault instanceof GuardRefusal || !mayRetry(fault, query.reads === true)) throw fault;
    }
    try {
      return await trip(query, access);
    } catch (error) {
      throw classify(error, query.name);
    }
  }

  async function all<Shape extends z.ZodMiniType>(query: Query<Shape>, access?: Access) {
    const rows = await inTurn(() => attempt(query, access), {
      waitMs: connected().deadline.atMs - leftForTripMs - performance.now(),
      refusal: () => new DatabaseFault("busy", query.name),
    });
    return rows.map((row) => {
      const read = query.row.safeParse(row);
      if (!read.success) throw new DatabaseFault("nonsense", query.name);
      return read.data;
    });
  }

  return {
    all,
    one: async (query, access) => (await all(query, access))[0],
    async only(query, access) {
      const [row, ...more] = await all(query, access);
      if (row === undefined || more.length > 0) throw new DatabaseFault("nonsense", query.name);
      return row;
    },
  };
}

const sessionGuard = ({ sessionId, userId, role }: Access) =>
  sql`require_session(${sessionId}::uuid, ${userId}::uuid, ${role ?? null}::text)`;

const requireSession = (access: Access) => sql`select ${sessionGuard(access)}`;

/**
 * A read and its guard as one statement, which saves begin, commit and a statement between. The guard stands on the
 * left of an outer join: Postgres must run it even when there is nothing to read, and then yields a row of nulls.
 */
const guardedRead = (access: Access, read: SQL) => sql`
  select found.* from ${sessionGuard(access)} as guard
    left join lateral (select true as "isFound", wanted.* from (${read}) as wanted) as found on true`;

function foundRows(rows: Row[]) {
  if (rows.length === 0) throw new Error("the guard has yielded no row");
  return rows.filter(({ isFound }) => isFound !== null);
}

const adminLock = sql`select pg_advisory_xact_lock(hashtext('latchkey admins'))`;
