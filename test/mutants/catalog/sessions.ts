import type { MutantsByFile } from "../mutant.js";
import { setCondition } from "../operators/condition.js";
import { inOrder } from "../operators/edit.js";
import { setBranch } from "../operators/sql/branch.js";
import { dropCondition } from "../operators/sql/condition.js";
import { dropCteEffect } from "../operators/sql/cte-effect.js";
import { replaceSqlString } from "../operators/sql/expression.js";
import { dropRowLock } from "../operators/sql/row-lock.js";
import { replaceText } from "../operators/text.js";
import { dropSpread, setValue } from "../operators/value.js";

const decision = { in: "rotateSession", cte: "decision" } as const;
const lastPresented = "coalesce(current_session.presented_generation, current_session.generation - 1)";
const presented = `\${token.generation}::int`;

/** Signing in, refreshing, signing out, and the cookie. */
export const sessions: MutantsByFile = {
  "lib/auth/queries/sessions.ts": [
    {
      name: "a sign-in with the old password survives a concurrent reset",
      edit: dropCondition({ in: "insertSession", cte: "signed_in_user", mentions: "session_epoch" }),
      tests: ["api/auth/login"],
    },
    {
      name: "signing out ends every session",
      edit: dropCondition({ in: "endSession", mentions: "id" }),
      tests: ["api/auth/logout"],
    },
  ],
  "lib/auth/queries/rotation.ts": [
    {
      name: "concurrent refreshes of one session do not wait for each other",
      edit: dropRowLock({ in: "rotateSession", cte: "current_session" }),
      tests: ["api/auth/refresh-reuse"],
    },
    {
      name: "the grace window never closes",
      edit: dropCondition({ ...decision, mentions: "rotated_at" }),
      tests: ["api/auth/refresh-lost-responses"],
    },
    {
      name: "a response that was lost ends the session after the grace window",
      edit: replaceSqlString({ ...decision, string: "reissued", by: "reuse" }),
      tests: ["api/auth/refresh-lost-responses"],
    },
    {
      name: "a refresh token works after its successor was used",
      edit: setBranch({
        ...decision,
        result: "reuse",
        when: `current_session.generation - 2 > ${presented}`,
      }),
      tests: ["api/auth/refresh-reuse"],
    },
    {
      name: "a void refresh token works",
      edit: setBranch({ ...decision, result: "reuse", when: `${lastPresented} > ${presented}` }),
      tests: ["api/auth/refresh-lost-responses"],
    },
    {
      name: "an old refresh token counts as the previous one",
      edit: replaceSqlString({ ...decision, string: "reuse", by: "grace" }),
      tests: ["api/auth/refresh-reuse"],
    },
    {
      name: "the cookie of before a new password looks stolen when the response was lost",
      edit: replaceText({
        in: "rotateSession",
        text: "current_session.presented_generation = current_session.generation",
        by: "false",
      }),
      tests: ["api/auth/change-password-repeats"],
    },
    {
      name: "token reuse does not end the session",
      edit: dropCteEffect({ in: "rotateSession", cte: "revoked_session" }),
      tests: ["api/auth/refresh-reuse"],
    },
    {
      name: "a refresh token survives signing out",
      edit: dropCondition({ ...decision, mentions: "ended_at" }),
      tests: ["api/auth/logout"],
    },
    {
      name: "a refresh token survives a password reset",
      edit: dropCondition({ ...decision, mentions: "epoch" }),
      tests: ["api/auth/reset-password"],
    },
    {
      name: "a refresh token survives the absolute limit of its session",
      edit: dropCondition({ ...decision, mentions: "expires_at" }),
      tests: ["api/auth/refresh"],
    },
  ],
  "api/auth/refresh.ts": [
    {
      name: "a session that ended clears the cookie, perhaps that of a newer sign-in",
      edit: inOrder(
        setCondition({ in: "refresh", mentions: "ended", to: false }),
        setCondition({ in: "refresh", mentions: "reuse", to: '!("generation" in row)' }),
      ),
      tests: ["api/auth/refresh"],
    },
  ],
  "lib/auth/cookies.ts": [
    {
      name: "scripts can read the cookie",
      edit: setValue({ of: "attributes.httpOnly", to: "false" }),
      tests: ["auth/cookies"],
    },
    {
      name: "the cookie travels over plain http",
      edit: setValue({ of: "attributes.secure", to: "false" }),
      tests: ["auth/cookies"],
    },
    {
      name: "the cookie comes along with links from other sites",
      edit: setValue({ of: "attributes.sameSite", to: '"Lax"' }),
      tests: ["auth/cookies"],
    },
    {
      name: "a sibling domain can set the cookie",
      edit: replaceText({ in: "createCookie", text: "__Host-", by: "" }),
      tests: ["auth/cookies"],
    },
    {
      name: "the clearing cookie has other attributes than the session cookie",
      edit: dropSpread({ in: "createCookie.clear" }),
      tests: ["auth/cookies"],
    },
  ],
};
