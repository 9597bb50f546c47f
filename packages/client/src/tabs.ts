import type { SignedOutReason } from "./session.js";

/** Messages between the tabs of one browser. They never carry a token. */
export type TabMessage =
  | { type: "signed-in" | "user-changed"; userId: string }
  | { type: "signed-out"; reason: SignedOutReason }
  /** The sender is about to send a sign-in or sign-out, or has its response. */
  | { type: "change-begun" | "change-settled"; id: string };

export type Tabs = {
  broadcast(message: TabMessage): void;
  close(): void;
};

/** A channel to the other tabs. Does nothing where the browser has no BroadcastChannel or blocks it. */
export function openTabs(name: string, onMessage: (message: TabMessage) => void): Tabs {
  let channel = openChannel(name);
  channel?.addEventListener("message", (event: MessageEvent<TabMessage>) => onMessage(event.data));
  return {
    broadcast: (message) => channel?.postMessage(message),
    close() {
      channel?.close();
      channel = undefined;
    },
  };
}

function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    // Missing, or a SecurityError where storage is blocked.
    return undefined;
  }
}
