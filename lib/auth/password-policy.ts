import { Problem } from "../problem.js";
import { commonPasswords } from "./common-passwords.js";
import { normalizeForComparison } from "./context-tags.js";

const weakPassword = (message: string) =>
  new Problem("invalid-request", { errors: [{ pointer: "/password", message }] });

// Guessers try the name of the service first (ASVS 6.1.2), with digits and punctuation around it.
const serviceName = /^(?:latchkey)+$/;
const lettersOf = (password: string) => normalizeForComparison(password).replace(/\P{L}/gu, "");

/** @throws Problem `invalid-request` */
export function refuseCommonPassword(password: string): void {
  if (serviceName.test(lettersOf(password))) throw weakPassword("must not be the name of this service");
  if (commonPasswords.has(normalizeForComparison(password)))
    throw weakPassword("is one of the most common passwords");
}

/** For a password that equals the person's own email address or name. */
export const contextPasswordProblem = (): Problem =>
  weakPassword("must not be your email address or your name");
