import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { keepNoLines } from "../../dev/start-child.js";
import { startServer } from "../../dev/vercel/start.js";
import { bundleFile } from "../machine/bundles.js";
import { launch, probed, readUsage } from "../machine/launch.js";
import type { Network, World } from "../machine/world.js";
import { httpEnvironment } from "./database.js";
import { latchkeyDialect } from "./latchkey-dialect.js";
import { mailedLinks } from "./mail.js";
import type { Subject } from "./subject.js";

const secret = () => randomBytes(32).toString("base64url");
const secrets = { AUTH_SECRET: secret(), CRON_SECRET: secret() };
const vercelJson = fileURLToPath(new URL("../../vercel.json", import.meta.url));

async function latchkeyEnvironment(world: World, network: Network, id: "latchkey" | "latchkey-function") {
  const { env, ...database } = await httpEnvironment(world, network, id);
  const own = {
    ...secrets,
    APP_URL: "http://localhost:3000",
    MAIL_FROM: "Latchkey <hello@latchkey.test>",
  };
  return { env: { ...env, ...own }, ...database };
}

/** What both ways of running Latchkey have in common. */
async function prepare(world: World, network: Network, id: "latchkey" | "latchkey-function") {
  const { env, sql, trips, quiet } = await latchkeyEnvironment(world, network, id);
  const promote = (email: string) => sql("update users set role = 'admin' where email = $1", [email]);
  return { env, shared: { env, trips, quiet, link: mailedLinks(world), promote } };
}

/** As it is developed and tested: built functions behind the local Vercel server, in one process with it. */
export const latchkey: Subject = {
  id: "latchkey",
  title: "Latchkey",
  dialect: latchkeyDialect,
  async start(world, network) {
    const { env, shared } = await prepare(world, network, "latchkey");
    const config = { output: world.output, vercelJson, port: 0 };
    const server = await startServer(config, { PATH: process.env["PATH"], ...probed, ...env }, "ignore");
    keepNoLines(server.child);
    const usage = () => readUsage(server.child.process);
    return { ...shared, usage, port: Number(new URL(server.origin).port), stop: server.stop };
  },
};

/** The same functions in a process of their own, on the HTTP host that the peers have. */
export const latchkeyFunction: Subject = {
  id: "latchkey-function",
  title: "Latchkey, functions alone",
  dialect: latchkeyDialect,
  async start(world, network, nodeOptions) {
    const { env, shared } = await prepare(world, network, "latchkey-function");
    const file = bundleFile(world.bundles, "function-host");
    return { ...shared, ...(await launch(file, { ...env, BENCH_OUTPUT: world.output }, nodeOptions)) };
  },
};
