import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Stack } from "../../stack/stack.js";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

export type Variables = Record<string, string | undefined>;
type Result = { exitCode: number; output: string };

/** Runs an operator's command with only this environment. `DATA_DIR` hides a running `npm run dev`. */
export const command = (script: string, env: Variables, ...args: string[]) =>
  commandIn(root, script, env, args);

export function commandIn(cwd: string, script: string, env: Variables, args: string[]): Promise<Result> {
  const defined = Object.entries({ PATH: process.env["PATH"], DATA_DIR: "/nonexistent", ...env }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return new Promise((resolve) => {
    const run = ["--import", "tsx", `scripts/${script}.ts`, ...args];
    const options = { cwd, env: Object.fromEntries(defined) };
    execFile(process.execPath, run, options, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

export const doctor = ({ env }: Stack, changes: Variables = {}) => command("doctor", { ...env, ...changes });

/** The variables with which a command reaches the database of the stack, as the role of its functions. */
export const databaseOf = ({ env }: Stack): Variables => ({
  DATABASE_URL: env["DATABASE_URL"],
  NEON_FETCH_ENDPOINT: env["NEON_FETCH_ENDPOINT"],
});
