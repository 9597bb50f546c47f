import type { SignedOutReason } from "./session.js";

/** What the tabs of one browser tell each other. Never a token. */
export type TabMessage =
  | { type: "signed-in"; userId: string }
  | { type: "signed-out"; reason: SignedOutReason };

export type Tabs = { tell(message: TabMessage): void; close(): void };

/** A line to the other tabs; a dead end where there is none, or where it is barred as storage is. */
export function openTabs(name: string, hear: (message: TabMessage) => void): Tabs {
  let channel = openChannel(name);
  channel?.addEventListener("message", (event: MessageEvent<TabMessage>) => hear(event.data));
  return {
    tell: (message) => channel?.postMessage(message),
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
    return undefined;
  }
}
