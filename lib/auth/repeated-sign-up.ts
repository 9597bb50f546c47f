import { verifyPassword } from "./passwords.js";
import type { EarlierRegistration } from "./queries/registrations.js";

type SignUp = { email: string; name: string; password: string };

/** Whether a request with the same `Idempotency-Key` is the same request. */
export const isSameSignUp = async (
  earlier: EarlierRegistration,
  { email, name, password }: SignUp,
  block: string,
): Promise<boolean> =>
  earlier.email === email &&
  earlier.name === name &&
  (await verifyPassword(password, earlier.passwordHash, block));
