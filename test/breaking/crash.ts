import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";

// Runs the crash test with more journeys: npm run crash -- --journeys 500 --seed 42
const { values } = parseArgs({
  options: {
    journeys: { type: "string", default: "500" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
  },
});
const crash = { journeys: Number(values.journeys), seed: Number(values.seed) };
const vitest = await startVitest("test", ["test/breaking/crash.test.ts"], {
  config: fileURLToPath(new URL("../proofs.config.ts", import.meta.url)),
  watch: false,
  provide: { crash },
});
await vitest.close();
