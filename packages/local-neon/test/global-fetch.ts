import { neonConfig } from "@neondatabase/serverless";
import { afterAll, beforeAll } from "vitest";

/** Gives the driver the global fetch. Test files share a process, and another file may have replaced it. */
export function useGlobalFetch(): void {
  const { fetchFunction } = neonConfig;
  beforeAll(() => {
    neonConfig.fetchFunction = fetch;
  });
  afterAll(() => {
    neonConfig.fetchFunction = fetchFunction;
  });
}
