import { randomBytes } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";

const names = ["AUTH_SECRET", "CRON_SECRET"] as const;

/** Appends missing secrets to `file`. They must stay the same between starts: a new one would end every session. */
export async function generateSecrets(file: string): Promise<void> {
  for (const name of names) {
    if (process.env[name]) continue;
    const value = randomBytes(32).toString("base64url");
    await appendFile(file, `${await missingLineBreak(file)}${name}=${value}\n`, { mode: 0o600 });
    process.env[name] = value;
  }
}

/** Without a final line break, the appended name would become part of the last value. */
async function missingLineBreak(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text === "" || text.endsWith("\n") ? "" : "\n";
}
