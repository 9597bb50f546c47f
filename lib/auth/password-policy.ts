import type { KeyRing } from "../crypto/keys.js";
import { Problem } from "../problem.js";
import { commonPasswords, commonWords } from "./common-passwords.js";
import { contextTags, passwordTags } from "./context-tags.js";
import { normalizeForComparison, stemsOf } from "./password-stem.js";

/** The member of the body that holds the new password. */
type Member = "password" | "newPassword";

const refusedPassword = (message: string, member: Member = "password") =>
  new Problem("invalid-request", { errors: [{ pointer: `/${member}`, message }] });

// Guessers try the name of the service first (ASVS 6.1.2), with digits and punctuation around it.
const serviceName = /^(?:latchkey)+$/;
const lettersOf = (text: string) => text.replace(/\P{L}/gu, "");

/** @throws Problem `invalid-request` */
export function refuseCommonPassword(password: string, member?: Member): void {
  const text = normalizeForComparison(password);
  if (serviceName.test(lettersOf(text)))
    throw refusedPassword("must not be the name of this service", member);
  for (const stem of stemsOf(text))
    if (commonPasswords.has(stem) || commonWords.has(stem))
      throw refusedPassword(
        "is one of the most common passwords, or one with digits or signs at its end",
        member,
      );
}

/** For a password that is the person's email address, its local part or name, apart from trailing digits and signs. */
export const contextPasswordProblem = (member?: Member): Problem =>
  refusedPassword("must not be your email address or your name", member);

type SignUp = { email: string; name: string; password: string };

/**
 * The `contextTags` of a sign-up.
 * @throws Problem `invalid-request` if the password has one of them
 */
export function signUpTags(ring: KeyRing, { email, name, password }: SignUp): string[] {
  const tags = contextTags(ring, { email, name });
  if (passwordTags(ring, password).some((tag) => tags.includes(tag))) throw contextPasswordProblem();
  return tags;
}

/** For a password that a breach has revealed. */
export const breachedPasswordProblem = (member?: Member): Problem =>
  refusedPassword(
    "has appeared in a data breach. Choose another one, and change it wherever you use it",
    member,
  );

/** For a new password that is the current one. */
export const unchangedPasswordProblem = (): Problem =>
  refusedPassword("must differ from the current one", "newPassword");

/** Names the member, so that forms show it at its field. Not a 401: clients would take the session for ended. */
export const wrongCurrentPasswordProblem = (): Problem =>
  new Problem("wrong-password", { errors: [{ pointer: "/currentPassword", message: "is wrong" }] });
