import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { startServer } from "../../dev/vercel/start.js";
import { bundleFile } from "../machine/bundles.js";
import { launch, probed, readUsage } from "../machine/launch.js";
import type { Network, World } from "../machine/world.js";
import { schema } from "../peers/floor/database.js";
import { httpEnvironment, pgEnvironment } from "./database.js";
import { runningPeer } from "./running-peer.js";
import type { Subject, SubjectId } from "./subject.js";
import { tokenDialect } from "./token-dialect.js";

const secret = { AUTH_SECRET: randomBytes(32).toString("base64url") };
const dialect = tokenDialect(202);

export const floorPg: Subject = {
  id: "floor-pg",
  title: "Floor on pg",
  dialect,
  async start(world, network) {
    const env = { ...(await pgEnvironment(world, network, "floor-pg")), ...secret };
    return runningPeer(world, env, await launch(bundleFile(world.bundles, "floor-pg/serve"), env));
  },
};

async function floorEnvironment(world: World, network: Network, id: SubjectId) {
  const { env, sql, trips } = await httpEnvironment(world, network, id);
  await sql(schema, []);
  return { env: { ...env, ...secret }, trips };
}

/** Two functions of a Build Output of its own, behind the local Vercel server as Latchkey's are. */
export const floorHttp: Subject = {
  id: "floor-http",
  title: "Floor, same endpoint",
  dialect,
  async start(world, network) {
    const { env, trips } = await floorEnvironment(world, network, "floor-http");
    const output = join(world.bundles, "floor");
    const config = { output, vercelJson: join(output, "vercel.json"), port: 0 };
    const server = await startServer(config, { PATH: process.env["PATH"], ...probed, ...env });
    const port = Number(new URL(server.origin).port);
    const usage = () => readUsage(server.child.process);
    return runningPeer(world, env, { port, usage, stop: server.stop }, trips);
  },
};

export const floorFunction: Subject = {
  id: "floor-function",
  title: "Floor, functions alone",
  dialect,
  async start(world, network, nodeOptions) {
    const { env, trips } = await floorEnvironment(world, network, "floor-function");
    const BENCH_OUTPUT = join(world.bundles, "floor");
    const launched = await launch(
      bundleFile(world.bundles, "function-host"),
      { ...env, BENCH_OUTPUT },
      nodeOptions,
    );
    return runningPeer(world, env, launched, trips);
  },
};
