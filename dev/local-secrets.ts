import { randomBytes } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";

const names = ["AUTH_SECRET", "CRON_SECRET"] as const;

/** Writes the secrets that nobody has set into `file`, once: they must stay the same, or every login would end. */
export async function generateSecrets(file: string): Promise<void> {
  for (const name of names) {
    if (process.env[name]) continue;
    const value = randomBytes(32).toString("base64url");
    await appendFile(file, `${await lineBreak(file)}${name}=${value}\n`, { mode: 0o600 });
    process.env[name] = value;
  }
}

/** What ends the last line of a file that somebody left open: else its value and our name would be one. */
async function lineBreak(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text === "" || text.endsWith("\n") ? "" : "\n";
}
