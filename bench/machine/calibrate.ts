import { neon, neonConfig } from "@neondatabase/serverless";
import pg from "pg";
import { median } from "../measure/statistics.js";
import type { Network, World } from "./world.js";

const trips = 100;

async function p50(trip: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < trips; i += 1) {
    const from = performance.now();
    await trip();
    times.push(performance.now() - from);
  }
  return median(times.slice(trips / 10));
}

export type TripCost = { pgMs: number; httpMs: number };

/** What one `select 1` takes on each way to the database, p50. */
export async function calibrate(world: World, network: Network): Promise<TripCost> {
  const { postgresPort, endpoint } = world.address(network);
  const { host, user, password } = world.postgres;
  const client = new pg.Client({ host, user, password, port: postgresPort, database: world.template });
  await client.connect();
  const pgMs = await p50(() => client.query("select 1"));
  await client.end();

  neonConfig.fetchEndpoint = endpoint;
  const sql = neon(`postgres://${user}:${password}@localhost/${world.template}`);
  const httpMs = await p50(() => sql`select 1`);
  return { pgMs, httpMs };
}
