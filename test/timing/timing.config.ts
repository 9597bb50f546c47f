import { defineConfig } from "vitest/config";
import { workspace } from "../stack/workspace.js";

export default defineConfig({
  ...workspace,
  test: {
    include: ["test/timing/timing.ts"],
    globalSetup: "test/stack/global-setup.ts",
    testTimeout: 1_800_000,
  },
});
