import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Client, RequestOptions } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import type { CrashingStack } from "./crashing-stack.js";

/** An answer, and how often the request had none before: each time it may have been done all the same. */
export type Reply = Answer & { interruptions: number };

/** A client that repeats the very same request until it is answered: same body, key, token and cookie. */
export type RetryingClient = {
  cookies: Map<string, string>;
  send(method: string, path: string, options?: RequestOptions): Promise<Reply>;
};

const maxAttempts = 40;
/** As long as a person waits who sees that nothing comes. */
const pauseMs = 100;

export function retryingClient(
  world: CrashingStack,
  onInterruption: (operation: string) => void,
): RetryingClient {
  const cookies = new Map<string, string>();
  const clients = new WeakMap<Stack, Client>();

  async function attempt(method: string, path: string, options: RequestOptions): Promise<Answer | null> {
    const stack = await world.up();
    const client = clients.get(stack) ?? stack.client();
    clients.set(stack, client);
    copy(cookies, client.cookies);
    world.requestBegins();
    try {
      const answer = await client.send(method, path, options);
      if (answer.status === 503) return null;
      copy(client.cookies, cookies);
      return answer;
    } catch (error) {
      if (isBroken(error)) return null;
      throw error;
    }
  }

  return {
    cookies,
    async send(method, path, options = {}) {
      for (let interruptions = 0; interruptions < maxAttempts; interruptions += 1) {
        const answer = await attempt(method, path, options);
        if (answer) return { ...answer, interruptions };
        onInterruption(`${method} ${path.replace(/[\da-f-]{36}/, "{id}")}`);
        await sleep(pauseMs);
      }
      throw new Error(`${method} ${path}: no answer in ${maxAttempts} attempts`);
    },
  };
}

function copy(from: Map<string, string>, to: Map<string, string>): void {
  to.clear();
  for (const [name, value] of from) to.set(name, value);
}

/** The connection ended or there was none; everything else is a finding. */
function isBroken(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ECONNRESET" || code === "ECONNREFUSED" || code === "EPIPE";
}
