import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { root } from "./load-env.js";

/* Runs drizzle-kit with a required name, because its own default is random. */

const { values } = parseArgs({
  options: { name: { type: "string", default: "" }, custom: { type: "boolean", default: false } },
});

if (/^[a-z][a-z0-9_]*$/.test(values.name)) {
  const args = ["drizzle-kit", "generate", "--name", values.name, ...(values.custom ? ["--custom"] : [])];
  process.exitCode = spawnSync("npx", args, { cwd: root, stdio: "inherit" }).status ?? 1;
} else {
  console.error("Name the migration in snake_case: npm run db:generate -- --name add_notes");
  process.exitCode = 1;
}
