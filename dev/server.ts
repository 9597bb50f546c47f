import { setTimeout as sleep } from "node:timers/promises";
import { childConfig, reportReady } from "./child.js";
import { type ServerAnswer, serverConfig, serverRequest } from "./vercel/config.js";
import { handle } from "./vercel/handler.js";
import { listenOnLoopback } from "./vercel/listen.js";
import { openSite } from "./vercel/site.js";

const graceMs = 5_000;

const config = serverConfig.parse(childConfig());
const start = performance.now();
const site = await openSite(config.output, config.vercelJson);
const loadMs = Math.round(performance.now() - start);
const server = await listenOnLoopback(
  (request, response) => void handle(site, config.devOrigin, { request, response }),
  config.port,
);

// A function that leaves a promise unhandled must not take the others down.
process.on("unhandledRejection", (reason) => console.error("Unhandled rejection:", reason));
process.on("uncaughtException", (error) => console.error("Uncaught exception:", error));

process.on("message", async (message) => {
  const request = serverRequest.safeParse(message);
  if (!request.success) return;
  const { type, id } = request.data;
  const error = await site[type]().then(() => null, String);
  process.send?.({ type: "done", id, error } satisfies ServerAnswer);
});

async function stop(): Promise<void> {
  server.close();
  await Promise.race([site.idle(), sleep(graceMs)]);
  process.exit(0);
}
process.once("SIGTERM", () => void stop());
process.once("SIGINT", () => void stop());

reportReady({ port: server.port, loadMs });
