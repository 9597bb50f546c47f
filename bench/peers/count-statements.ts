import pg from "pg";

type Count = { count: number; trips: number; underWay: number };

/**
 * Counts, at the driver, what is sent to the database: `count` every statement, `trips` those that are not sent
 * while another is under way, so that two at once are one trip. Only right while requests come one at a time.
 */
export function countStatements(): void {
  const counted: Count = { count: 0, trips: 0, underWay: 0 };
  Reflect.set(globalThis, Symbol.for("latchkey.bench.statements"), counted);
  const { query } = pg.Client.prototype;
  const done = () => {
    counted.underWay -= 1;
  };
  const counting = function (this: pg.Client, ...sent: unknown[]): unknown {
    counted.count += 1;
    if (counted.underWay === 0) counted.trips += 1;
    counted.underWay += 1;
    const callback = sent.at(-1);
    if (typeof callback === "function") {
      const finish = (...outcome: unknown[]) => {
        done();
        callback(...outcome);
      };
      return Reflect.apply(query, this, [...sent.slice(0, -1), finish]);
    }
    const answer: unknown = Reflect.apply(query, this, sent);
    if (answer instanceof Promise) answer.then(done, done);
    return answer;
  };
  Reflect.set(pg.Client.prototype, "query", counting);
}
