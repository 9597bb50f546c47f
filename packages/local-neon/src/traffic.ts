const keptRequests = 200;

export type Statistics = {
  requests: number;
  queries: number;
  /** Requests that did not get their result. */
  failed: number;
  /** Requests that still wait for their response. */
  inFlight: number;
  maxInFlight: number;
  /** The SQL texts of each of the last 200 requests, oldest first; never their parameters. */
  recent: string[][];
};

/** A counted request. `failed` counts once, however often it is called. */
export type Arrival = { failed(): void; ended(): void };

/** Counts the requests to each database since its last reset. */
export class Traffic {
  readonly #byDatabase = new Map<string, Statistics>();

  arrived(database: string, texts: string[]): Arrival {
    const statistics = this.of(database);
    statistics.requests += 1;
    statistics.queries += texts.length;
    statistics.inFlight += 1;
    statistics.maxInFlight = Math.max(statistics.maxInFlight, statistics.inFlight);
    statistics.recent.push(texts);
    if (statistics.recent.length > keptRequests) statistics.recent.shift();
    let isFailed = false;
    return {
      failed() {
        if (!isFailed) statistics.failed += 1;
        isFailed = true;
      },
      ended() {
        statistics.inFlight -= 1;
      },
    };
  }

  of(database: string): Statistics {
    const known = this.#byDatabase.get(database) ?? noTraffic();
    this.#byDatabase.set(database, known);
    return known;
  }

  reset(database: string): void {
    this.#byDatabase.delete(database);
  }
}

const noTraffic = (): Statistics => ({
  requests: 0,
  queries: 0,
  failed: 0,
  inFlight: 0,
  maxInFlight: 0,
  recent: [],
});
