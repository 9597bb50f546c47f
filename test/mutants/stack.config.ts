import { configDefaults, defineConfig } from "vitest/config";
import project from "../../vitest.config.js";
import { workspace } from "../stack/workspace.js";

/** For every test of the project: the default config excludes the slow ones. */
export default defineConfig({ ...workspace, test: { ...project.test, exclude: configDefaults.exclude } });
