import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/web/screenshots.ts"],
    globalSetup: "test/stack/global-setup.ts",
  },
});
