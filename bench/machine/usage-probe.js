/*
 * Preloaded into every measured process. It reports on request what the process has used so far. It is plain
 * JavaScript, because a compiler in the process would distort the figures.
 */

const statements = Symbol.for("latchkey.bench.statements");
const emails = Symbol.for("latchkey.bench.emails");

process.on("message", (message) => {
  if (message !== "usage") return;
  const { user, system } = process.cpuUsage();
  process.send?.({
    type: "usage",
    cpuMs: (user + system) / 1000,
    rssBytes: process.memoryUsage.rss(),
    statements: Reflect.get(globalThis, statements)?.count ?? 0,
    trips: Reflect.get(globalThis, statements)?.trips ?? 0,
    pendingEmails: Reflect.get(globalThis, emails)?.pending ?? 0,
  });
});

// Node writes a CPU profile only when the process exits by itself.
process.once("SIGINT", () => process.exit(0));
process.once("disconnect", () => process.exit(0));
