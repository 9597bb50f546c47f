// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the text of sources.
import type { Sabotages } from "./mutant.js";

/** Of how accounts come to be: registration, links, the policy of passwords. */
export const accounts: Sabotages = {
  "lib/auth/contract.ts": [
    {
      name: "a registration may carry members that nobody knows",
      find: "body: z.strictObject({ email, password: newPassword, name }),",
      replace: "body: z.object({ email, password: newPassword, name }),",
      tests: ["api/input/bodies"],
    },
    {
      name: "the length of a password is counted before NFKC",
      find: '[...value.normalize("NFKC")]',
      replace: "[...value]",
      tests: ["api/auth/password-policy"],
    },
    {
      name: "another site may log its visitors in",
      find: 'auth: "session-cookie",\n  trips: 2,',
      replace: 'auth: "none",\n  trips: 2,',
      tests: ["api/auth/cross-site"],
    },
  ],
  "lib/auth/password-policy.ts": [
    {
      name: "a common password is accepted in capitals",
      find: "commonPasswords.has(folded(password))",
      replace: "commonPasswords.has(password)",
      tests: ["api/auth/password-policy"],
    },
  ],
  "lib/auth/context-tags.ts": [
    {
      name: "a password may be the own name in another spelling",
      find: 'value.normalize("NFKC").toLowerCase()',
      replace: "value.toLowerCase()",
      tests: ["auth/tokens"],
    },
    {
      name: "after a rotation a password may be the own address",
      find: "ring.map((keys) => tagOf(keys, password))",
      replace: "[tagOf(ring[0], password)]",
      tests: ["auth/tokens"],
    },
  ],
  "lib/auth/queries/accounts.ts": [
    {
      name: "a registration takes a confirmed account over",
      find: "       where users.email_verified_at is null\n",
      replace: "",
      tests: ["api/auth/register"],
    },
    {
      name: "a known address makes fewer rows than an unknown one",
      find: "from t left join u on true where t.wait = 0",
      replace: "from t join u on true where t.wait = 0",
      tests: ["api/auth/register"],
    },
    {
      name: "a registration is written though its budget is spent",
      find: "        from t where t.wait = 0\n",
      replace: "        from t\n",
      tests: ["api/auth/throttle"],
    },
    {
      name: "a new name renames everybody",
      find: "where id = ${userId}::uuid returning ${userColumns}",
      replace: "returning ${userColumns}",
      tests: ["api/auth/me"],
    },
  ],
  "lib/auth/queries/links.ts": [
    {
      name: "a link never expires",
      find: " and links.expires_at > now()",
      replace: "",
      tests: ["api/auth/verify-email", "api/auth/reset-password"],
    },
    {
      name: "a link can be used again",
      find: " and links.used_at is null and links.expires_at",
      replace: " and links.expires_at",
      tests: ["api/auth/reset-password"],
    },
    {
      name: "links of one user that are used at once wait for each other",
      find: "and purpose = ${purpose})\n         for no key update",
      replace: "and purpose = ${purpose})",
      tests: ["api/auth/reset-races"],
    },
    {
      name: "a link confirms an address that somebody else has registered too",
      find: " and not users.is_contested",
      replace: "",
      tests: ["api/auth/registration-takeover"],
    },
    {
      name: "sessions outlive a new password",
      find: "session_epoch = session_epoch + 1,",
      replace: "",
      tests: ["api/auth/reset-password"],
    },
    {
      name: "other links outlive a new password",
      find: "from w where links.user_id = w.id and links.used_at is null),",
      replace: "from w where links.id = ${r.linkId}::uuid),",
      tests: ["api/auth/reset-password"],
    },
    {
      name: "a new password may be the own name",
      find: "where users.id = v.id and not v.is_context",
      replace: "where users.id = v.id",
      tests: ["api/auth/reset-password"],
    },
    {
      name: "a confirmed address gets confirmation links too",
      find: "where ${r.purpose}::text = 'reset-password' or users.email_verified_at is null",
      replace: "where true",
      tests: ["api/auth/resend-verification"],
    },
    {
      name: "a forgotten password of an unknown address makes no rows",
      find: "from t left join u on true where t.wait = 0",
      replace: "from t join u on true where t.wait = 0",
      tests: ["api/auth/forgot-password"],
    },
  ],
};
