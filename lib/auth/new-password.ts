import { setImmediate } from "node:timers/promises";
import { isBreachedPassword } from "./breached-passwords.js";
import { hashPassword } from "./passwords.js";

/**
 * A password that someone chooses. The statement that stores it refuses a breached one, and charges the budgets either
 * way: a caller cannot send us to the API without limit.
 */
export type NewPassword = { passwordHash: string; isBreached: boolean };

export type NewPasswordContext = {
  env: Parameters<typeof isBreachedPassword>[1];
  requestId: string;
  /** See `clientBlock`. */
  block: string;
};

/**
 * Hashes the password, and at the same time asks whether a breach has revealed it. Call it after the rules that cost nothing.
 * @throws Problem `rate-limited` if this instance has no room for another hash
 */
export async function prepareNewPassword(
  password: string,
  { env, requestId, block }: NewPasswordContext,
): Promise<NewPassword> {
  const hashing = hashPassword(password, block);
  // A caller that the queue of hashes refuses must not cause a call. So the queue limits the calls too.
  await Promise.race([hashing, setImmediate()]);
  const [passwordHash, isBreached] = await Promise.all([
    hashing,
    isBreachedPassword(password, env, requestId),
  ]);
  return { passwordHash, isBreached };
}
