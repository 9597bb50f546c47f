import { neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll } from "vitest";

/** The driver as it comes. Files share a process, and what `db/client.ts` sets in it knows no signal. */
export function useOwnFetch(): void {
  const { fetchFunction } = neonConfig;
  beforeAll(() => {
    neonConfig.fetchFunction = fetch;
  });
  afterAll(() => {
    neonConfig.fetchFunction = fetchFunction;
  });
}
