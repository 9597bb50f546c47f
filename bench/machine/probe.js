/*
 * Preloaded into every process that is measured: it answers what the process has used so far. Plain JavaScript,
 * because a preload must not bring a compiler along.
 */

const statements = Symbol.for("latchkey.bench.statements");
const mails = Symbol.for("latchkey.bench.mails");

process.on("message", (message) => {
  if (message !== "usage") return;
  const { user, system } = process.cpuUsage();
  process.send?.({
    type: "usage",
    cpuMs: (user + system) / 1000,
    rssBytes: process.memoryUsage.rss(),
    statements: Reflect.get(globalThis, statements)?.count ?? 0,
    trips: Reflect.get(globalThis, statements)?.trips ?? 0,
    mailsUnderWay: Reflect.get(globalThis, mails)?.underWay ?? 0,
  });
});

// A profile is written only by a process that ends by itself.
process.once("SIGINT", () => process.exit(0));
process.once("disconnect", () => process.exit(0));
