import type { passwordLength } from "../../../lib/auth/limits.js";

// Typed by lib/auth/limits.ts, so that the two cannot drift. A type import keeps lib/ out of the page.
const minimum: (typeof passwordLength)["min"] = 8;

export const passwordHint = `At least ${minimum} characters. A few words in a row work well, and spaces are fine.`;
