import { configDefaults, defineConfig } from "vitest/config";
import project from "../../vitest.config.js";
import { workspace } from "../stack/workspace.js";

/** For any test of the project: its own config leaves out the long ones. */
export default defineConfig({ ...workspace, test: { ...project.test, exclude: configDefaults.exclude } });
