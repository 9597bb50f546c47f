import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { startServer } from "../../dev/vercel/start.js";
import { bundleFile } from "../machine/bundles.js";
import { launch, probeEnv, readUsage } from "../machine/launch.js";
import type { Network, Testbed } from "../machine/testbed.js";
import { schema } from "../peers/floor/database.js";
import { httpEnvironment, pgEnvironment } from "./database.js";
import { runningPeer } from "./running-peer.js";
import type { Subject, SubjectId } from "./subject.js";
import { tokenApi } from "./token-api.js";

const secret = { AUTH_SECRET: randomBytes(32).toString("base64url") };
const api = tokenApi(202);

export const floorPg: Subject = {
  id: "floor-pg",
  title: "Floor on pg",
  api,
  async start(testbed, network) {
    const env = { ...(await pgEnvironment(testbed, network, "floor-pg")), ...secret };
    return runningPeer(testbed, env, await launch(bundleFile(testbed.bundles, "floor-pg/serve"), env));
  },
};

async function floorEnvironment(testbed: Testbed, network: Network, id: SubjectId) {
  const { env, sql, tripCount } = await httpEnvironment(testbed, network, id);
  await sql(schema, []);
  return { env: { ...env, ...secret }, tripCount };
}

/** Two functions in a Build Output, behind the local Vercel server like Latchkey's. */
export const floorHttp: Subject = {
  id: "floor-http",
  title: "Floor, same endpoint",
  api,
  async start(testbed, network) {
    const { env, tripCount } = await floorEnvironment(testbed, network, "floor-http");
    const output = join(testbed.bundles, "floor");
    const config = { output, vercelJson: join(output, "vercel.json"), port: 0 };
    const server = await startServer(config, { PATH: process.env["PATH"], ...probeEnv, ...env });
    const port = Number(new URL(server.origin).port);
    const usage = () => readUsage(server.child.process);
    return runningPeer(testbed, env, { port, usage, stop: server.stop }, tripCount);
  },
};

export const floorFunction: Subject = {
  id: "floor-function",
  title: "Floor, functions alone",
  api,
  async start(testbed, network, nodeOptions) {
    const { env, tripCount } = await floorEnvironment(testbed, network, "floor-function");
    const BENCH_OUTPUT = join(testbed.bundles, "floor");
    const launched = await launch(
      bundleFile(testbed.bundles, "function-host"),
      { ...env, BENCH_OUTPUT },
      nodeOptions,
    );
    return runningPeer(testbed, env, launched, tripCount);
  },
};
