import { setTimeout as sleep } from "node:timers/promises";
import type { ApiResponse, Client, RequestOptions } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import type { CrashingStack } from "./crashing-stack.js";

/** The final response. Each earlier attempt without a response may have taken effect all the same. */
export type RetriedResponse = ApiResponse & { interruptions: number };

/** A client that repeats an identical request until it gets a response. */
export type RetryingClient = {
  cookies: Map<string, string>;
  send(method: string, path: string, options?: RequestOptions): Promise<RetriedResponse>;
};

const maxAttempts = 40;
const pauseMs = 100;

export function createRetryingClient(
  stack: CrashingStack,
  onInterruption: (operation: string) => void,
): RetryingClient {
  const cookies = new Map<string, string>();
  const clients = new WeakMap<Stack, Client>();

  async function attempt(method: string, path: string, options: RequestOptions): Promise<ApiResponse | null> {
    const running = await stack.running();
    const client = clients.get(running) ?? running.client();
    clients.set(running, client);
    replaceCookies(cookies, client.cookies);
    stack.countRequest();
    try {
      const response = await client.send(method, path, options);
      if (response.status === 503 || isBusy(response)) return null;
      replaceCookies(client.cookies, cookies);
      return response;
    } catch (error) {
      if (isConnectionError(error)) return null;
      throw error;
    }
  }

  return {
    cookies,
    async send(method, path, options = {}) {
      for (let interruptions = 0; interruptions < maxAttempts; interruptions += 1) {
        const response = await attempt(method, path, options);
        if (response) return { ...response, interruptions };
        onInterruption(`${method} ${path.replace(/[\da-f-]{36}/, "{id}")}`);
        await sleep(pauseMs);
      }
      throw new Error(`${method} ${path}: no response in ${maxAttempts} attempts`);
    },
  };
}

function replaceCookies(from: Map<string, string>, to: Map<string, string>): void {
  to.clear();
  for (const [name, value] of from) to.set(name, value);
}

/** Whether the instance has no room for another hash. A spent budget is a refusal, and names itself in a header. */
const isBusy = ({ status, headers }: ApiResponse): boolean => status === 429 && !headers.has("ratelimit");

/** Whether the connection was refused or cut. Any other error is a bug. */
function isConnectionError(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ECONNRESET" || code === "ECONNREFUSED" || code === "EPIPE";
}
