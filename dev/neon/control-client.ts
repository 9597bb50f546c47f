import type { FaultRule } from "./faults.js";
import type { Statistics } from "./traffic.js";

export type NeonControl = {
  stats(database: string): Promise<Statistics>;
  reset(database: string): Promise<void>;
  /** Adds rules for one database, after those it has. */
  inject(database: string, ...rules: Omit<FaultRule, "database">[]): Promise<void>;
  /** Removes the rules of one database. */
  heal(database: string): Promise<void>;
};

/** @param origin of the endpoint, such as `http://127.0.0.1:5431` */
export function neonControl(origin: string): NeonControl {
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
