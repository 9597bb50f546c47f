import { defineConfig } from "vitest/config";
import { LongestFirst } from "./stack/longest-first.js";
import { workspace } from "./stack/workspace.js";

/** Slow tests: attacks, faults, fuzzing, and parts that change rarely. `npm run test:proofs` runs them. */
export const proofs = [
  "packages/local-neon/test/{directory,errors,options,postgres,results,sessions}.test.ts",
  "packages/local-vercel/test/lifecycle.test.ts",
  "packages/openapi-fuzz/test/{cli,fuzz,generation,schemas}.test.ts",
  "test/api/attacker/*.test.ts",
  "test/api/auth/{breached-passwords,enumeration,ip-budgets,refresh-lost-responses}.test.ts",
  "test/api/auth/{change-email,change-password,closing,not-me}-races.test.ts",
  "test/api/auth/registration-takeover.test.ts",
  "test/api/auth/{secret-rotation,shared-address,throttle}.test.ts",
  "test/api/faults/{client-retry,deadline,lost-response,overload,retry,task-export,task-retry,unexpected-result}.test.ts",
  "test/api/input/{fuzz,raw-bytes}.test.ts",
  "test/api/mail/{budget,crash,outage,refusals}.test.ts",
  "test/api/sync/convergence.test.ts",
  "test/api/tasks/{move-order,placement}.test.ts",
  "test/api/tasks/{account-deletion,move,put,trash}-races.test.ts",
  "test/api/transfer/import-races.test.ts",
  "test/audit/{races,tampering}.test.ts",
  "test/breaking/*.test.ts",
  "test/db/{app-role,migrate,next-migration,tasks-before-positions,tasks-before-sync,upgrade}.test.ts",
  "test/dev/run.test.ts",
  "test/growth/*.test.ts",
  "test/model/*.test.ts",
  "test/scripts/{build,openapi-client,openapi-lint}.test.ts",
  "test/scripts/commands/*.test.ts",
  "test/web/{accessibility,client-front-end,client-package,concurrent-refreshes}.test.ts",
  "test/web/{failures,late-cookie,lost-responses,mangled-links,page-security,scanner}.test.ts",
];

export default defineConfig({
  ...workspace,
  test: {
    include: proofs,
    globalSetup: "test/stack/global-setup.ts",
    reporters: ["default", "./test/stack/closing-line.ts"],
    testTimeout: 150_000,
    hookTimeout: 180_000,
    sequence: { sequencer: LongestFirst },
    // Some files spend most of their time waiting.
    maxWorkers: 4,
    isolate: false,
  },
});
