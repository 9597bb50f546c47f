import { startLocalVercel, vercelSettings } from "@latchkey/local-vercel";
import { childConfig, reportReady } from "../child.js";
import { type ServerReply, serverCommand } from "./messages.js";

const server = await startLocalVercel(vercelSettings.parse(childConfig()));

process.on("message", async (message) => {
  const command = serverCommand.safeParse(message);
  if (!command.success) return;
  const { type, id } = command.data;
  const error = await server[type]().then(() => null, String);
  process.send?.({ type: "done", id, error } satisfies ServerReply);
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
reportReady({ port: server.port });
