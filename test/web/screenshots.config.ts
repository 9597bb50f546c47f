import { defineConfig } from "vitest/config";
import { workspace } from "../stack/workspace.js";

export default defineConfig({
  ...workspace,
  test: {
    include: ["test/web/screenshots.ts"],
    globalSetup: "test/stack/global-setup.ts",
  },
});
