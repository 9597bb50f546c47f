/** The environment variable that carries a child's config. */
export const configVariable = "LATCHKEY_CHILD_CONFIG";

/** Returns the config that the parent passed, and makes the process exit with its parent. */
export function childConfig(): unknown {
  process.on("disconnect", () => process.exit(0));
  if (process.send && !process.connected) process.exit(0);
  // A dead parent closes these streams too. Printing that error would raise the next one, endlessly.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(0));
  const config = process.env[configVariable] ?? "{}";
  delete process.env[configVariable];
  return JSON.parse(config);
}

/** Tells the parent that the service accepts requests. */
export function reportReady(message: unknown): void {
  process.send?.(message);
}
