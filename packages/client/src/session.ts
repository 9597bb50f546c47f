import type { components } from "./schema.js";

export type User = components["schemas"]["User"];

/** Why nobody is signed in; `none`: nobody was. */
export type SignedOutReason = "none" | "signed-out" | "session-ended" | "account-banned";

/** `unknown` until `resume` or `signIn` has answered. */
export type Session =
  | { state: "unknown" }
  | { state: "signed-in"; user: User }
  | { state: "signed-out"; reason: SignedOutReason };
