import { startLocalVercel } from "../src/index.js";

process.on("disconnect", () => process.exit(0));
const server = await startLocalVercel(JSON.parse(process.env["LOCAL_VERCEL_OPTIONS"] ?? "{}"));
process.once("SIGTERM", () => void server.stop().then(() => process.exit(0)));
process.on("message", async (message) => {
  if (message !== "reload") return;
  process.send?.({ error: await server.reload().then(() => null, String) });
});
process.send?.({ origin: server.origin });
