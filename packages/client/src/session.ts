import type { components } from "./schema.js";

export type User = components["schemas"]["User"];

/** Why the user is signed out. `none` means that this browser had no session. */
export type SignedOutReason = "none" | "signed-out" | "session-ended" | "account-banned" | "account-closed";

/** `unknown` until `resume`, `signIn` or `confirmEmail` succeeds. */
export type Session =
  | { state: "unknown" }
  | { state: "signed-in"; user: User }
  | { state: "signed-out"; reason: SignedOutReason };
