import type { FaultRule } from "./faults.js";
import type { Statistics } from "./traffic.js";

/** Lets tests read the traffic of a running endpoint and make its requests fail. */
export type NeonControl = {
  /** Counts since the start, or since the last `reset`. */
  stats(database: string): Promise<Statistics>;
  reset(database: string): Promise<void>;
  /** Appends fault rules for one database. */
  inject(database: string, ...rules: Omit<FaultRule, "database">[]): Promise<void>;
  /** Removes all fault rules of one database. */
  heal(database: string): Promise<void>;
};

/** Controls the endpoint that listens at `origin`, such as `http://127.0.0.1:5431`, from any process. */
export function createNeonControl(origin: string): NeonControl {
  const call = async (method: string, path: string, database: string | null, body?: unknown) => {
    const url = new URL(`/control/${path}`, origin);
    if (database !== null) url.searchParams.set("database", database);
    const response = await fetch(
      url,
      body === undefined ? { method } : { method, body: JSON.stringify(body) },
    );
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
    return response;
  };

  return {
    async stats(database) {
      const response = await call("GET", "stats", database);
      return (await response.json()) as Statistics;
    },
    async reset(database) {
      await call("POST", "reset", database);
    },
    async inject(database, ...rules) {
      const bound = rules.map((rule) => ({ ...rule, database }));
      await call("POST", "faults", null, bound);
    },
    async heal(database) {
      await call("DELETE", "faults", database);
    },
  };
}
