import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadEnvFile } from "node:process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Where `npm run dev` keeps its data, and writes down how to reach what it runs. */
export const dataDirectory = (): string => resolve(root, process.env["DATA_DIR"] ?? ".data");
export const runningEnvFile = (directory = dataDirectory()): string => join(directory, "running.env");

/**
 * Fills process.env, as `npm run dev` and Vercel's own CLI do: what is set already wins, then `.env`, then what a
 * running `npm run dev` offers.
 */
export function loadEnv(): void {
  for (const file of [join(root, ".env"), runningEnvFile()]) {
    if (existsSync(file)) loadEnvFile(file);
  }
}
