import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";

// npm run load -- --minutes 10 --overload-minutes 1. Not part of `npm test`, because it needs the whole machine.
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    "overload-minutes": { type: "string", default: "1" },
    users: { type: "string", default: "1500" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
  },
});
const load = {
  minutes: Number(values.minutes),
  overloadMinutes: Number(values["overload-minutes"]),
  users: Number(values.users),
  seed: Number(values.seed),
};
const vitest = await startVitest("test", [], {
  watch: false,
  include: ["test/breaking/load/run.ts"],
  provide: { load },
});
await vitest.close();
