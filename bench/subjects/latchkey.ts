import { fileURLToPath } from "node:url";
import { sampleEnv } from "../../dev/sample-env.js";
import { keepNoLines } from "../../dev/start-child.js";
import { startServer } from "../../dev/vercel/start.js";
import { bundleFile } from "../machine/bundles.js";
import { launch, probeEnv, readUsage } from "../machine/launch.js";
import type { Network, Testbed } from "../machine/testbed.js";
import { httpEnvironment } from "./database.js";
import { emailedTokens } from "./emails.js";
import { latchkeyApi } from "./latchkey-api.js";
import type { Subject } from "./subject.js";

const sample = sampleEnv();
const vercelJson = fileURLToPath(new URL("../../vercel.json", import.meta.url));

/** The parts that both ways of running Latchkey share. */
async function prepare(testbed: Testbed, network: Network, id: "latchkey" | "latchkey-function") {
  const database = await httpEnvironment(testbed, network, id);
  // The peers have no such check.
  const env = { ...sample, PASSWORD_BREACH_CHECK: "off", ...database.env };
  const promote = (email: string) =>
    database.sql("update users set role = 'admin' where email = $1", [email]);
  const { tripCount, waitUntilIdle } = database;
  return { env, tripCount, waitUntilIdle, emailedToken: emailedTokens(testbed), promote };
}

/** Built functions behind the local Vercel server and in its process, as in development and in the tests. */
export const latchkey: Subject = {
  id: "latchkey",
  title: "Latchkey",
  api: latchkeyApi,
  async start(testbed, network) {
    const prepared = await prepare(testbed, network, "latchkey");
    const config = { output: testbed.output, vercelJson, port: 0 };
    const env = { PATH: process.env["PATH"], ...probeEnv, ...prepared.env };
    const server = await startServer(config, env, "ignore");
    keepNoLines(server.child);
    const usage = () => readUsage(server.child.process);
    return { ...prepared, usage, port: Number(new URL(server.origin).port), stop: server.stop };
  },
};

/** The same functions in a process without the local Vercel server, on the HTTP host of the peers. */
export const latchkeyFunction: Subject = {
  id: "latchkey-function",
  title: "Latchkey, functions alone",
  api: latchkeyApi,
  async start(testbed, network, nodeOptions) {
    const prepared = await prepare(testbed, network, "latchkey-function");
    const file = bundleFile(testbed.bundles, "function-host");
    const env = { ...prepared.env, BENCH_OUTPUT: testbed.output };
    return { ...prepared, ...(await launch(file, env, nodeOptions)) };
  },
};
