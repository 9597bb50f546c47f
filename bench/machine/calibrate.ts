import { neon, neonConfig } from "@neondatabase/serverless";
import pg from "pg";
import { median } from "../measure/statistics.js";
import type { Network, Testbed } from "./testbed.js";

const trips = 100;
const warmUpTrips = 10;

async function medianMs(trip: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < trips; i += 1) {
    const start = performance.now();
    await trip();
    times.push(performance.now() - start);
  }
  return median(times.slice(warmUpTrips));
}

export type TripCost = { pgMs: number; httpMs: number };

/** The p50 of one `select 1` over each protocol. */
export async function calibrate(testbed: Testbed, network: Network): Promise<TripCost> {
  const { postgresPort, endpoint } = testbed.address(network);
  const { host, user, password } = testbed.postgres;
  const client = new pg.Client({ host, user, password, port: postgresPort, database: testbed.template });
  await client.connect();
  const pgMs = await medianMs(() => client.query("select 1"));
  await client.end();

  neonConfig.fetchEndpoint = endpoint;
  const sql = neon(`postgres://${user}:${password}@localhost/${testbed.template}`);
  const httpMs = await medianMs(() => sql`select 1`);
  return { pgMs, httpMs };
}
