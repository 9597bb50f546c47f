import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/growth/growth.ts"],
    globalSetup: "test/stack/global-setup.ts",
    testTimeout: 1_800_000,
  },
});
