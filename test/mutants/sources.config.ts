import { defineConfig } from "vitest/config";
import { workspace } from "../stack/workspace.js";

/** For tests that import only sources: without a build and without servers. */
export default defineConfig({ ...workspace, test: { include: ["test/**/*.test.ts"] } });
