import type { Callers, FuzzOptions } from "@latchkey/openapi-fuzz";
import type { Account, Accounts, Session } from "./accounts.js";

/** Access tokens last 15 minutes, and writes by an admin require a sign-in within the last ten. */
const renewAfterMs = 8 * 60_000;
export type Identities = Pick<FuzzOptions, "validBody" | "listedIds"> & { callers: Callers };
type SignedIn = { token(): Promise<string | undefined> };

/** Keeps an account signed in: signs in again before its token is too old. */
export function keepSignedIn(accounts: Accounts, account: Pick<Account, "email" | "password">): SignedIn {
  let current: { session: Promise<Session | undefined>; until: number } | undefined;
  return {
    async token() {
      if (!current || Date.now() > current.until) {
        current = { session: accounts.signIn(account), until: Date.now() + renewAfterMs };
      }
      return (await current.session)?.token;
    },
  };
}
