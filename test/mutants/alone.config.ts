import { defineConfig } from "vitest/config";
import { workspace } from "../stack/workspace.js";

/** For tests that read nothing but the sources: no build, no servers. */
export default defineConfig({ ...workspace, test: { include: ["test/**/*.test.ts"] } });
