import { setTimeout as sleep } from "node:timers/promises";

type Kind = "verify" | "reset";

const arrived: Map<string, string> = new Map();

// Functions of one process are bundles of their own: what they share stands on the global object.
const shared = Symbol.for("latchkey.bench.mailbox");
const mails: Map<string, string> = Reflect.get(globalThis, shared) ?? arrived;
Reflect.set(globalThis, shared, mails);

/** Mails stay in memory: a peer's best case. */
export function keepMail(kind: Kind, to: string, token: string): void {
  mails.set(`${kind} ${to.toLowerCase()}`, token);
}

/** What `GET /mail?kind=…&to=…` answers. */
export async function readMail(url: string): Promise<Response> {
  const { searchParams } = new URL(url);
  const key = `${searchParams.get("kind")} ${searchParams.get("to")?.toLowerCase()}`;
  for (let tries = 0; tries < 100; tries += 1) {
    const token = mails.get(key);
    if (token !== undefined) {
      mails.delete(key);
      return Response.json({ token });
    }
    await sleep(20);
  }
  return Response.json({ error: `no mail for ${key}` }, { status: 404 });
}
