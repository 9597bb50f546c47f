import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadEnvFile } from "node:process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Where `npm run dev` keeps its data, and writes down how to reach what it runs. */
export const dataDirectory = (): string => resolve(root, process.env["DATA_DIR"] ?? ".data");
export const runningEnvFile = (directory = dataDirectory()): string => join(directory, "running.env");

/** Fills process.env from `.env`, as Vercel's own CLI does: what is set already wins. */
export function loadEnv(): void {
  load(join(root, ".env"));
}

/** The same, and then what a running `npm run dev` offers. */
export function loadRunningEnv(): void {
  loadEnv();
  load(runningEnvFile());
}

function load(file: string): void {
  if (existsSync(file)) loadEnvFile(file);
}
