import { defineConfig } from "vitest/config";
import { workspace } from "./stack/workspace.js";

/** What takes long and changes seldom: `npm run test:proofs`, beside `npm test`. */
export const proofs = [
  "test/api/attacker/*.test.ts",
  "test/api/faults/{retry,unheard}.test.ts",
  "test/breaking/*.test.ts",
  "test/db/{upgrade,next-migration}.test.ts",
  "test/dev/run.test.ts",
  "test/dev/neon/directory.test.ts",
  "test/growth/*.test.ts",
  "test/scripts/{commands,fuzz}.test.ts",
  "test/web/left-behind.test.ts",
];

export default defineConfig({
  ...workspace,
  test: {
    include: proofs,
    globalSetup: "test/stack/global-setup.ts",
    reporters: ["default", "./test/stack/closing-line.ts"],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 3,
    isolate: false,
  },
});
