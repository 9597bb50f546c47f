import type { SignedOutReason } from "./session.js";

/** What the tabs of one browser tell each other. Never a token. */
export type TabMessage =
  | { type: "signed-in"; userId: string }
  | { type: "signed-out"; reason: SignedOutReason };

export type Tabs = { tell(message: TabMessage): void; close(): void };

/** A line to the other tabs; a dead end where there is none. */
export function openTabs(name: string, hear: (message: TabMessage) => void): Tabs {
  if (typeof BroadcastChannel === "undefined") return { tell: () => {}, close: () => {} };
  const channel = new BroadcastChannel(name);
  channel.addEventListener("message", (event: MessageEvent<TabMessage>) => hear(event.data));
  return { tell: (message) => channel.postMessage(message), close: () => channel.close() };
}
