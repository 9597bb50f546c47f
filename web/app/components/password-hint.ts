import type { passwordLength } from "../../../lib/auth/limits.js";

// Its type comes from the limits, so that the two cannot drift; a plain import would put server code in the page.
const minimum: (typeof passwordLength)["min"] = 8;

export const passwordHint = `At least ${minimum} characters. A few words in a row work well, and spaces are fine.`;
