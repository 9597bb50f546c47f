import { tmpdir } from "node:os";
import { defineConfig } from "vitest/config";
import { workspace } from "../stack/workspace.js";

// A million users need more room than a folder in memory has.
process.env["TMPDIR"] ??= tmpdir();

export default defineConfig({
  ...workspace,
  test: {
    include: ["test/growth/growth.ts"],
    globalSetup: "test/stack/global-setup.ts",
    testTimeout: 1_800_000,
  },
});
