import { defineConfig } from "vitest/config";

/** For tests that read nothing but the sources: no build, no servers. */
export default defineConfig({ test: { include: ["test/**/*.test.ts"] } });
