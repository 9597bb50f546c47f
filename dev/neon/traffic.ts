const keptRequests = 200;

export type Statistics = {
  requests: number;
  queries: number;
  /** Requests that did not get their result. */
  failed: number;
  /** Requests that have neither been answered nor given up, and the most that there were. */
  underWay: number;
  mostUnderWay: number;
  /** The SQL texts of each of the last requests, oldest first; never their parameters. */
  recent: string[][];
};

export type Arrival = { failed(): void; ended(): void };

/** What each database was asked since its last reset. */
export class Traffic {
  readonly #byDatabase = new Map<string, Statistics>();

  arrived(database: string, texts: string[]): Arrival {
    const statistics = this.of(database);
    statistics.requests += 1;
    statistics.queries += texts.length;
    statistics.underWay += 1;
    statistics.mostUnderWay = Math.max(statistics.mostUnderWay, statistics.underWay);
    statistics.recent.push(texts);
    if (statistics.recent.length > keptRequests) statistics.recent.shift();
    let isCounted = false;
    return {
      failed() {
        if (!isCounted) statistics.failed += 1;
        isCounted = true;
      },
      ended() {
        statistics.underWay -= 1;
      },
    };
  }

  of(database: string): Statistics {
    const known = this.#byDatabase.get(database) ?? nothing();
    this.#byDatabase.set(database, known);
    return known;
  }

  reset(database: string): void {
    this.#byDatabase.delete(database);
  }
}

const nothing = (): Statistics => ({
  requests: 0,
  queries: 0,
  failed: 0,
  underWay: 0,
  mostUnderWay: 0,
  recent: [],
});
