import { configDefaults, defineConfig } from "vitest/config";
import { proofs } from "./test/proofs.config.js";
import { workspace } from "./test/stack/workspace.js";

export default defineConfig({
  ...workspace,
  test: {
    include: ["test/**/*.test.ts", "packages/*/test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...proofs],
    globalSetup: "test/stack/global-setup.ts",
    reporters: ["default", "./test/stack/closing-line.ts"],
    // Guards against a hang, not a budget: several browsers may share two processors.
    testTimeout: 150_000,
    hookTimeout: 180_000,
    maxWorkers: 6,
    isolate: false,
  },
});
