import { latchkey } from "./latchkey.js";

/** Called before each sign-out, to send requests that waited. The sign-out then waits for them. */
export const beforeSignOut = new Set<() => void>();

/** @throws ProblemError, and then the user stays signed in */
export async function signOut(): Promise<void> {
  for (const send of beforeSignOut) send();
  await latchkey.signOut();
}
