import { defineConfig } from "vitest/config";
import { workspace } from "./stack/workspace.js";

/** Slow tests of things that change rarely. `npm run test:proofs` runs them, `npm test` does not. */
export const proofs = [
  "packages/openapi-fuzz/test/{fuzz,schemas}.test.ts",
  "test/api/attacker/*.test.ts",
  "test/api/auth/{enumeration,registration-takeover}.test.ts",
  "test/api/faults/{client-retry,lost-response,retry}.test.ts",
  "test/breaking/*.test.ts",
  "test/db/{upgrade,next-migration}.test.ts",
  "test/dev/run.test.ts",
  "packages/local-neon/test/directory.test.ts",
  "test/growth/*.test.ts",
  "test/scripts/commands.test.ts",
  "test/web/{accessibility,client-package,page-security}.test.ts",
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
