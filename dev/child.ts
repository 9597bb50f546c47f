/** How a process is told its config by the one that starts it. */
export const configVariable = "LATCHKEY_CHILD_CONFIG";

/** The config this process was started with. Ends the process when its parent is gone. */
export function childConfig(): unknown {
  process.on("disconnect", () => process.exit(0));
  if (process.send && !process.connected) process.exit(0);
  // Nor does anybody read then what is printed; to print that error, too, would never end.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(0));
  const config = process.env[configVariable] ?? "{}";
  delete process.env[configVariable];
  return JSON.parse(config);
}

/** Tells the parent that the service answers. */
export function reportReady(message: unknown): void {
  process.send?.(message);
}
