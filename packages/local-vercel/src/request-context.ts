import { AsyncLocalStorage } from "node:async_hooks";
import type { Activity } from "./activity.js";
import type { EdgeRequest } from "./edge-request.js";

type RequestContext = {
  waitUntil(promise: Promise<unknown>): void;
  headers: Record<string, string>;
  url: string;
};

const storage = new AsyncLocalStorage<RequestContext>();

// `@vercel/functions` reads the context of the current request from this global.
Object.defineProperty(globalThis, Symbol.for("@vercel/request-context"), {
  value: { get: () => storage.getStore() },
  configurable: true,
});

/** Runs `call` in the context of `request`. Promises passed to `waitUntil` count as activity until they settle. */
export function inRequestContext<T>(request: EdgeRequest, activity: Activity, call: () => T): T {
  const waitUntil = (promise: Promise<unknown>): void => {
    const end = activity.begin();
    Promise.resolve(promise)
      .catch((error: unknown) => console.error("waitUntil:", error))
      .finally(end);
  };
  return storage.run({ waitUntil, headers: request.headers, url: request.url.href }, call);
}
