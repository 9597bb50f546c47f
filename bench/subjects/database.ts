import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Network, Testbed } from "../machine/testbed.js";
import { emailEnvironment } from "./emails.js";
import type { RunningSubject, SubjectId } from "./subject.js";

const idleCheckMs = 60;
const created = new Map<string, Promise<string>>();

/** Creates a subject's database on first use. Latchkey's databases are copies of a migrated template. */
async function createDatabase(testbed: Testbed, id: SubjectId): Promise<string> {
  const name = `bench_${id.replaceAll("-", "_")}`;
  const template = id.startsWith("latchkey") ? testbed.template : undefined;
  const url = created.get(name) ?? testbed.postgres.createDatabase(name, template);
  created.set(name, url);
  await url;
  return name;
}

/** Environment of a subject that connects to Postgres with `pg`. */
export async function pgEnvironment(testbed: Testbed, network: Network, id: SubjectId) {
  const { user, password, host } = testbed.postgres;
  const name = await createDatabase(testbed, id);
  return {
    DATABASE_URL: `postgres://${user}:${password}@${host}:${testbed.address(network).postgresPort}/${name}`,
    ...emailEnvironment(testbed),
  };
}

/** Environment of a subject that uses the Neon endpoint, which counts its trips. */
export async function httpEnvironment(testbed: Testbed, network: Network, id: SubjectId) {
  const { user, password } = testbed.postgres;
  const name = await createDatabase(testbed, id);
  const env = {
    DATABASE_URL: `postgresql://${user}:${password}@localhost/${name}`,
    NEON_FETCH_ENDPOINT: testbed.address(network).endpoint,
    ...emailEnvironment(testbed),
  };
  return {
    env,
    ...tripCounter(testbed, name),
    sql: (text: string, params: unknown[]) => runSql(testbed, name, text, params),
  };
}

function tripCounter({ neon }: Testbed, name: string): Pick<RunningSubject, "tripCount" | "waitUntilIdle"> {
  const tripCount = async () => (await neon.control.stats(name)).requests;
  return {
    tripCount,
    async waitUntilIdle() {
      for (let before = -1, now = await tripCount(); before !== now; now = await tripCount()) {
        before = now;
        await sleep(idleCheckMs);
      }
    },
  };
}

async function runSql({ postgres }: Testbed, database: string, text: string, params: unknown[]) {
  const { host, port, user, password } = postgres;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  await client.query(text, params);
  await client.end();
}
