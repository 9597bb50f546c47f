import { AsyncLocalStorage } from "node:async_hooks";
import type { Activity } from "./activity.js";
import type { Incoming } from "./incoming.js";

type RequestContext = {
  waitUntil(promise: Promise<unknown>): void;
  headers: Record<string, string>;
  url: string;
};

const storage = new AsyncLocalStorage<RequestContext>();

// Where `@vercel/functions` looks for the request it runs in.
Object.defineProperty(globalThis, Symbol.for("@vercel/request-context"), {
  value: { get: () => storage.getStore() },
  configurable: true,
});

/** Runs `invoke` as this request; what it passes to `waitUntil` counts as activity until it settles. */
export function inRequestContext<T>(request: Incoming, activity: Activity, invoke: () => T): T {
  const waitUntil = (promise: Promise<unknown>): void => {
    const end = activity.begin();
    Promise.resolve(promise)
      .catch((error: unknown) => console.error("waitUntil:", error))
      .finally(end);
  };
  return storage.run({ waitUntil, headers: request.headers, url: request.url.href }, invoke);
}
