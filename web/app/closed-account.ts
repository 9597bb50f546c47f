import { createStore } from "@latchkey/client";
import type { closedAccountDays } from "../../lib/auth/limits.js";

// Typed by lib/auth/limits.ts, so that the two cannot drift. A type import keeps lib/ out of the page.
export const daysToRestore: typeof closedAccountDays = 14;

/** The account that this tab has just closed. `purgeAt`: when it is deleted, if the server could say so. */
export const closedAccount = createStore<{ purgeAt: string | null } | undefined>(undefined);
