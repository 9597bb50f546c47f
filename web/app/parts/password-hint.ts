import type { passwordLength } from "../../../lib/auth/limits.js";

// Typed by the one home of the limits, so that it cannot drift, without putting server code in the page.
const minimum: (typeof passwordLength)["min"] = 8;

export const passwordHint = `At least ${minimum} characters. A few words in a row are good, and spaces are fine.`;
