import { createStore } from "@latchkey/client";
import { latchkey } from "./latchkey.js";

const key = "latchkey-sent-email";

/** The email that this tab requested last. */
export type SentEmail = {
  kind: "sign-up" | "confirmation" | "reset";
  address: string;
  /** The name typed at the sign-up, for another try. Not stored. */
  name?: string;
};

/** Survives a reload, but not the tab. Never in the URL, because servers and histories record that. */
const sent = createStore(read());

export const sentEmail = {
  get: sent.get,
  subscribe: sent.subscribe,

  keep(email: SentEmail): void {
    sent.set(email);
    const { kind, address } = email;
    withStorage((storage) => storage.setItem(key, JSON.stringify({ kind, address })));
  },

  forget(): void {
    sent.set(undefined);
    withStorage((storage) => storage.removeItem(key));
  },
};

function read(): SentEmail | undefined {
  const stored = withStorage((storage) => storage.getItem(key));
  return stored ? JSON.parse(stored) : undefined;
}

/** Where the browser blocks storage, the address lasts until the page is reloaded. */
function withStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

// The next person in this tab must not see the address. The first lookup of the session changes nothing.
let { state: before } = latchkey.session.get();
latchkey.session.subscribe(({ state }) => {
  if (before !== "unknown" && state !== before) sentEmail.forget();
  before = state;
});
