import { Problem } from "../problem.js";
import { commonPasswords } from "./common-passwords.js";
import { folded } from "./context-tags.js";

const refusal = (message: string) =>
  new Problem("invalid-request", { errors: [{ pointer: "/password", message }] });

// Whoever guesses tries the service's name first (ASVS 6.1.2), with the digits and signs that people add to it.
const serviceName = /^(?:latchkey)+$/;
const lettersOf = (password: string) => folded(password).replace(/\P{L}/gu, "");

/** @throws Problem `invalid-request` */
export function refuseCommonPassword(password: string): void {
  if (serviceName.test(lettersOf(password))) throw refusal("must not be the name of this service");
  if (commonPasswords.has(folded(password))) throw refusal("is one of the most common passwords");
}

export const contextRefusal = (): Problem => refusal("must not be your address or your name");
