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

/** Loads only the variables of production, so that its connection string need not be in `.env`. */
export function loadProductionEnv(): void {
  const file = join(root, ".env.production");
  if (!existsSync(file)) {
    throw new Error(
      ".env.production does not exist. Create it next to .env with production's connection string: " +
        "DATABASE_URL=postgresql://… (Git ignores the file.)",
    );
  }
  loadEnvFile(file);
}

function load(file: string): void {
  if (existsSync(file)) loadEnvFile(file);
}
