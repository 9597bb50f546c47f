import { isLoopbackHost } from "@latchkey/local-vercel";
import { databaseName } from "../scripts/database-name.js";

/** @throws Error when the variables name a database on another machine, which `npm run dev` would take over. */
export function refuseRemoteDatabase(source: Record<string, string | undefined>): void {
  const { DATABASE_URL: url, NEON_FETCH_ENDPOINT: endpoint } = source;
  // Without DATABASE_URL, the database is in the data directory, and the endpoint is ours.
  if (!url || [url, endpoint].every((target) => !target || isOnThisMachine(target))) return;
  throw new Error(
    `DATABASE_URL names a database that is not on this machine: ${databaseName(source)}.\n` +
      "`npm run dev` would claim the email that waits there, and send it through your Resend key or keep it in the " +
      "local mailbox.\n" +
      "To use a database on this machine, remove DATABASE_URL and NEON_FETCH_ENDPOINT from .env.\n" +
      "To use that database all the same: npm run dev -- --remote",
  );
}

export const isOnThisMachine = (url: string) => URL.canParse(url) && isLoopbackHost(new URL(url).host);
