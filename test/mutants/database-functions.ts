// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the text of sources.
import type { Sabotages } from "./mutant.js";

/** Of the functions that live in the database, the check of a session and the budgets, and of who charges them. */
export const databaseFunctions: Sabotages = {
  "db/migrations/0002_functions.sql": [
    {
      name: "an access token outlives the logout",
      find: "s.ended_at IS NULL AND s.epoch",
      replace: "s.epoch",
      tests: ["api/auth/logout"],
    },
    {
      name: "an access token outlives a new password",
      find: "AND s.epoch = u.session_epoch ",
      replace: "",
      tests: ["api/auth/reset-password"],
    },
    {
      name: "an access token outlives the idle end of its session",
      find: "AND s.idle_expires_at > now() ",
      replace: "",
      tests: ["api/auth/refresh"],
    },
    {
      name: "an access token outlives the absolute end of its session",
      find: "AND s.expires_at > now()",
      replace: "",
      tests: ["api/auth/refresh"],
    },
    {
      name: "an access token works with anybody's session",
      find: "WHERE s.id = p_session AND u.id = p_user;",
      replace: "WHERE s.id = p_session;",
      tests: ["api/auth/access-token"],
    },
    {
      name: "an access token outlives a ban",
      find: "ELSIF v_banned THEN",
      replace: "ELSIF false THEN",
      tests: ["api/auth/banned"],
    },
    {
      name: "everybody has every role",
      find: "v_role <> p_role",
      replace: "false",
      tests: ["api/admin/access"],
    },
    {
      name: "no budget is ever spent",
      find: "allowed = greatest(t.tat, now()) + v_refill <= now() + v_refill * p_bursts[i],",
      replace: "allowed = true,",
      tests: ["api/auth/throttle"],
    },
    {
      name: "an attempt that is refused makes the wait longer",
      find: "ELSE t.tat END",
      replace: "ELSE greatest(t.tat, now()) + v_refill END",
      tests: ["api/auth/throttle"],
    },
    {
      name: "a blocked address uses up the budgets of accounts",
      find: "      RETURN;\n",
      replace: "",
      tests: ["api/auth/throttle"],
    },
  ],
  "lib/auth/throttle.ts": [
    {
      name: "a spent budget refuses nobody",
      find: "if (row.wait === 0) return;",
      replace: "if (row) return;",
      tests: ["api/auth/throttle"],
    },
    {
      name: "a 429 does not say when to try again",
      find: '"retry-after": String(row.wait),',
      replace: "",
      tests: ["api/auth/throttle"],
    },
    {
      name: "addresses stand in the database as throttle keys",
      find: "pseudonym(keys, budget.name, subject);",
      replace: "keys && `${budget.name}:${subject}`;",
      tests: ["api/auth/throttle"],
    },
  ],
};
