const keptRequests = 200;

export type Statistics = {
  requests: number;
  queries: number;
  /** Requests that did not get their result. */
  failed: number;
  /** The SQL texts of each of the last requests, oldest first; never their parameters. */
  recent: string[][];
};

export type Arrival = { failed(): void };

/** What each database was asked since its last reset. */
export class Traffic {
  readonly #byDatabase = new Map<string, Statistics>();

  arrived(database: string, texts: string[]): Arrival {
    const statistics = this.of(database);
    statistics.requests += 1;
    statistics.queries += texts.length;
    statistics.recent.push(texts);
    if (statistics.recent.length > keptRequests) statistics.recent.shift();
    let isCounted = false;
    return {
      failed() {
        if (!isCounted) statistics.failed += 1;
        isCounted = true;
      },
    };
  }

  of(database: string): Statistics {
    const known = this.#byDatabase.get(database) ?? { requests: 0, queries: 0, failed: 0, recent: [] };
    this.#byDatabase.set(database, known);
    return known;
  }

  reset(database: string): void {
    this.#byDatabase.delete(database);
  }
}
