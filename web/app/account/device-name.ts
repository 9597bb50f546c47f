import type { components } from "@latchkey/client";

/** "Chrome on Windows", as far as it is known. */
export const deviceName = ({ browser, os }: components["schemas"]["Device"]): string =>
  [browser, os].filter((part) => part !== null).join(" on ") || "Unknown device";
