import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadEnvFile } from "node:process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Where `npm run dev` keeps its data, and the file that says how to reach its services. */
export const dataDirectory = (): string => resolve(root, process.env["DATA_DIR"] ?? ".data");
export const runningEnvFile = (directory = dataDirectory()): string => join(directory, "running.env");

/** Fills process.env from `.env`. Variables that are already set win, as in Vercel's CLI. */
export function loadEnv(): void {
  load(join(root, ".env"));
}

/** Also loads the variables of a running `npm run dev`. */
export function loadRunningEnv(): void {
  loadEnv();
  load(runningEnvFile());
}

function load(file: string): void {
  if (existsSync(file)) loadEnvFile(file);
}
