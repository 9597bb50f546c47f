import pg from "pg";

type Counts = { count: number; trips: number; inFlight: number };

/**
 * Counts the statements that the driver sends. `trips` leaves out a statement sent while another is in flight, so two
 * concurrent statements are one trip. The count is right only while the subject handles one request at a time.
 */
export function countStatements(): void {
  const counts: Counts = { count: 0, trips: 0, inFlight: 0 };
  Reflect.set(globalThis, Symbol.for("latchkey.bench.statements"), counts);
  const { query } = pg.Client.prototype;
  const done = () => {
    counts.inFlight -= 1;
  };
  const countingQuery = function (this: pg.Client, ...args: unknown[]): unknown {
    counts.count += 1;
    if (counts.inFlight === 0) counts.trips += 1;
    counts.inFlight += 1;
    const callback = args.at(-1);
    if (typeof callback === "function") {
      const finish = (...outcome: unknown[]) => {
        done();
        callback(...outcome);
      };
      return Reflect.apply(query, this, [...args.slice(0, -1), finish]);
    }
    const result: unknown = Reflect.apply(query, this, args);
    if (result instanceof Promise) result.then(done, done);
    return result;
  };
  Reflect.set(pg.Client.prototype, "query", countingQuery);
}
