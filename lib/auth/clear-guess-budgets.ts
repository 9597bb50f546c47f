import { openDatabase } from "../../db/client.js";
import { runAfterResponse } from "../background.js";
import { keyRing } from "../crypto/keys.js";
import type { Env } from "../env.js";
import { guesserOf } from "./guesser.js";
import { clearGuessBudgets } from "./queries/not-me.js";
import { accountBudgetKeys } from "./sign-in-budgets.js";

type Context = {
  env: Env<"DATABASE_URL" | "AUTH_SECRET" | "APP_URL">;
  requestId: string;
  request: Request;
};

/**
 * After "This wasn't me", a thief who spends the budgets must not keep the owner out. Their names need the address,
 * which only the statement knows, so this runs after the response. If it fails, “Forgot your password?” does the same.
 */
export function clearGuessBudgetsLater(
  { env, requestId, request }: Context,
  email: string,
  linkId: string,
): void {
  const ring = keyRing(env.AUTH_SECRET);
  const keys = accountBudgetKeys(ring[0], guesserOf(ring, request, env, email));
  const run = async () => {
    const db = openDatabase({ url: env.DATABASE_URL, endpoint: env.NEON_FETCH_ENDPOINT });
    await db.many(clearGuessBudgets(linkId, keys));
  };
  runAfterResponse({ name: "clear-guess-budgets", requestId, run });
}
