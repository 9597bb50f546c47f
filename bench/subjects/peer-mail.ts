import type { Launched } from "../machine/launch.js";
import type { MailKind, Running } from "./subject.js";

/** Peers keep mails in memory and show them at `/mail`. */
export async function readPeerMail(port: number, kind: MailKind, to: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/mail?${new URLSearchParams({ kind, to })}`);
  const { token } = (await answer.json()) as { token?: string };
  if (!token) throw new Error(`no ${kind} mail for ${to}`);
  return token;
}

/** A peer on `pg`: its driver counts the trips, and it does nothing after an answer. */
export function runningOnPg({ port, usage, stop }: Launched, env: Record<string, string>): Running {
  return {
    port,
    env,
    usage,
    stop,
    trips: async () => (await usage()).trips,
    quiet: async () => {},
    link: (kind, email) => readPeerMail(port, kind, email),
  };
}
