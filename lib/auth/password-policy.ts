import { Problem } from "../problem.js";
import { commonPasswords } from "./common-passwords.js";
import { folded } from "./context-tags.js";

const refusal = (message: string) =>
  new Problem("invalid-request", { errors: [{ pointer: "/password", message }] });

/** @throws Problem `invalid-request` */
export function refuseCommonPassword(password: string): void {
  if (commonPasswords.has(folded(password))) throw refusal("is one of the most common passwords");
}

export const contextRefusal = (): Problem => refusal("must not be your address or your name");
