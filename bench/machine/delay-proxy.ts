import { connect, createServer, type Socket } from "node:net";
import * as z from "zod";
import { childConfig, reportReady } from "../../dev/child.js";

/* Forwards TCP and delays each direction by `delayMs`. */

const { host, port, delayMs } = z
  .object({ host: z.string(), port: z.int(), delayMs: z.number() })
  .parse(childConfig());

function forward(from: Socket, to: Socket): void {
  from.setNoDelay(true);
  // Timers with the same delay fire in the order in which they were set, so the bytes stay in order.
  from.on("data", (chunk) => setTimeout(() => to.write(chunk), delayMs));
  from.on("end", () => setTimeout(() => to.end(), delayMs));
  from.on("error", () => to.destroy());
}

const server = createServer({ allowHalfOpen: true }, (client) => {
  const upstream = connect({ host, port, allowHalfOpen: true });
  forward(client, upstream);
  forward(upstream, client);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  reportReady({ port: typeof address === "object" && address ? address.port : 0 });
});
