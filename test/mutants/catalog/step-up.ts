import type { MutantsByFile } from "../mutant.js";
import { replaceCall } from "../operators/call.js";
import { dropCheck, setCondition } from "../operators/condition.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { replaceText } from "../operators/text.js";
import { setValue } from "../operators/value.js";

const provenSession = { in: "renewProof", cte: "proven_session" } as const;

/** Proofs of identity, and the operations that require a recent one. */
export const stepUp: MutantsByFile = {
  "lib/handle.ts": [
    {
      name: "an operation that needs a recent proof accepts any",
      edit: setCondition({ in: "guard", mentions: "stepUp", to: false }),
      tests: ["api/structure/step-up"],
    },
  ],
  "lib/admin/contract/shapes.ts": [
    {
      name: "a write of an admin needs no recent proof",
      edit: setValue({ of: "write", to: "{}" }),
      tests: ["api/structure/step-up"],
    },
  ],
  "lib/auth/access-token.ts": [
    {
      name: "a proof never gets too old",
      edit: setCondition({ in: "requireRecentProof", mentions: "maxAgeSeconds", to: false }),
      tests: ["api/structure/step-up"],
    },
    {
      name: "a proof of the future counts",
      edit: setCondition({ in: "requireRecentProof", mentions: "clockSkewSeconds", to: false }),
      tests: ["api/structure/step-up"],
    },
  ],
  "lib/auth/queries/rotation.ts": [
    {
      name: "a refresh forgets a step-up",
      edit: replaceText({
        in: "rotateSession",
        text: "coalesce(current_session.authenticated_at, current_session.created_at)",
        by: "current_session.created_at",
      }),
      tests: ["api/auth/step-up"],
    },
  ],
  "lib/auth/queries/step-up.ts": [
    {
      name: "a password that was replaced after it was verified is a proof",
      edit: dropCondition({ in: "renewProof", cte: "proven_user", mentions: "verifiedEpoch" }),
      tests: ["api/auth/step-up-races"],
    },
    {
      name: "a session that was signed out in between gets a proof",
      edit: dropCondition({ ...provenSession, mentions: "ended_at" }),
      tests: ["api/auth/step-up-races"],
    },
    {
      name: "a step-up leaves no event",
      edit: dropCteEffect({ in: "renewProof", cte: "new_event" }),
      tests: ["api/auth/step-up"],
    },
    {
      name: "a step-up raises every session of the user",
      edit: dropCondition({ ...provenSession, mentions: "sessionId" }),
      tests: ["api/auth/step-up"],
    },
    {
      name: "a correct password at a step-up spends the budgets of guesses",
      edit: replaceCall({ in: "renewProof", call: "refundBudgets", by: "sql`1`" }),
      tests: ["api/auth/step-up"],
    },
  ],
  "lib/auth/guess-budgets.ts": [
    {
      name: "one stolen access token has the guesses of the whole account",
      edit: setValue({ of: "guessBudgets.ofSession.budget", to: "budgets.guessesByUser" }),
      tests: ["api/auth/step-up"],
    },
    {
      name: "every session of a user has further guesses",
      edit: setValue({ of: "guessBudgets.ofUser.subject", to: "sessionId" }),
      tests: ["api/auth/step-up"],
    },
  ],
  "api/auth/step-up.ts": [
    {
      name: "any password is a proof",
      edit: dropCheck({ in: "stepUp", throws: "wrong-password" }),
      tests: ["api/auth/step-up"],
    },
  ],
};
