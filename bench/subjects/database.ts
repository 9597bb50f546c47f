import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Network, World } from "../machine/world.js";
import { mailEnvironment } from "./mail.js";
import type { Running, SubjectId } from "./subject.js";

const quietMs = 60;
const created = new Map<string, Promise<string>>();

/** The name of a subject's own database; Latchkey's are copies of a migrated one. */
async function databaseOf(world: World, id: SubjectId): Promise<string> {
  const name = `bench_${id.replaceAll("-", "_")}`;
  const template = id.startsWith("latchkey") ? world.template : undefined;
  const url = created.get(name) ?? world.postgres.createDatabase(name, template);
  created.set(name, url);
  await url;
  return name;
}

/** For a subject with a driver of its own, straight to Postgres. */
export async function pgEnvironment(world: World, network: Network, id: SubjectId) {
  const { user, password, host } = world.postgres;
  const name = await databaseOf(world, id);
  return {
    DATABASE_URL: `postgres://${user}:${password}@${host}:${world.address(network).postgresPort}/${name}`,
    ...mailEnvironment(world),
  };
}

/** For a subject that goes through the Neon endpoint, which counts its trips. */
export async function httpEnvironment(world: World, network: Network, id: SubjectId) {
  const { user, password } = world.postgres;
  const name = await databaseOf(world, id);
  const env = {
    DATABASE_URL: `postgresql://${user}:${password}@localhost/${name}`,
    NEON_FETCH_ENDPOINT: world.address(network).endpoint,
    ...mailEnvironment(world),
  };
  return {
    env,
    ...countedTrips(world, name),
    sql: (text: string, params: unknown[]) => run(world, name, text, params),
  };
}

function countedTrips({ neon }: World, name: string): Pick<Running, "trips" | "quiet"> {
  const trips = async () => (await neon.control.stats(name)).requests;
  return {
    trips,
    async quiet() {
      for (let before = -1, now = await trips(); before !== now; now = await trips()) {
        before = now;
        await sleep(quietMs);
      }
    },
  };
}

async function run({ postgres }: World, database: string, text: string, params: unknown[]): Promise<void> {
  const { host, port, user, password } = postgres;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  await client.query(text, params);
  await client.end();
}
