import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";

// npm run load -- --minutes 10 --overload-minutes 1: takes the whole machine for so long, so it is no part of `npm test`
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    "overload-minutes": { type: "string", default: "1" },
    visitors: { type: "string", default: "1500" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
  },
});
const load = {
  minutes: Number(values.minutes),
  overloadMinutes: Number(values["overload-minutes"]),
  visitors: Number(values.visitors),
  seed: Number(values.seed),
};
const vitest = await startVitest("test", [], {
  watch: false,
  include: ["test/breaking/load/run.ts"],
  provide: { load },
});
await vitest.close();
