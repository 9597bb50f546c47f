import { connect, createServer, type Socket } from "node:net";
import * as z from "zod";
import { childConfig, reportReady } from "../../dev/child.js";

/* Passes TCP on, each way so many milliseconds late. */

const { host, port, delayMs } = z
  .object({ host: z.string(), port: z.int(), delayMs: z.number() })
  .parse(childConfig());

function pass(from: Socket, to: Socket): void {
  from.setNoDelay(true);
  // Timers of one length fire in the order in which they were set, so bytes stay in order.
  from.on("data", (chunk) => setTimeout(() => to.write(chunk), delayMs));
  from.on("end", () => setTimeout(() => to.end(), delayMs));
  from.on("error", () => to.destroy());
}

const server = createServer({ allowHalfOpen: true }, (caller) => {
  const called = connect({ host, port, allowHalfOpen: true });
  pass(caller, called);
  pass(called, caller);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  reportReady({ port: typeof address === "object" && address ? address.port : 0 });
});
