// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the text of sources.
import type { Sabotages } from "./mutant.js";

/** Of what proves who somebody is: access tokens, sealed tokens, keys, passwords. */
export const tokens: Sabotages = {
  "lib/auth/access-token.ts": [
    {
      name: "an access token of another issuer is accepted",
      find: "issuer: env.APP_URL, audience: env.APP_URL, typ",
      replace: "audience: env.APP_URL, typ",
      tests: ["api/auth/access-token"],
    },
    {
      name: "an access token for another audience is accepted",
      find: "issuer: env.APP_URL, audience: env.APP_URL, typ",
      replace: "issuer: env.APP_URL, typ",
      tests: ["api/auth/access-token"],
    },
    {
      name: "a JWT of another type is accepted as access token",
      find: "audience: env.APP_URL, typ: type };",
      replace: "audience: env.APP_URL };",
      tests: ["api/auth/access-token"],
    },
    {
      name: "the token chooses the algorithm it is verified with",
      find: "algorithms: [algorithm], ",
      replace: "",
      tests: ["api/auth/access-token"],
    },
    {
      name: "an access token without an end is accepted",
      find: "exp: z.int() }",
      replace: "exp: z._default(z.int(), 4102444800) }",
      tests: ["api/auth/access-token"],
    },
    {
      name: "an access token lives for minutes as it should for seconds",
      find: "exp: now + accessTokenSeconds",
      replace: "exp: now + 60 * accessTokenSeconds",
      tests: ["api/auth/access-token"],
    },
    {
      name: "an access token says that it is an ordinary JWT",
      find: "{ alg: algorithm, typ: type, kid }",
      replace: '{ alg: algorithm, typ: "JWT", kid }',
      tests: ["api/auth/access-token"],
    },
    {
      name: "an access token that was verified once is accepted for ever",
      find: "known && known.exp > inSeconds(Date.now())",
      replace: "known",
      tests: ["api/auth/access-token"],
    },
    {
      name: "the log names users by their id",
      find: 'pseudonym: pseudonym(ring[0], "user", sub) };',
      replace: "pseudonym: sub };",
      tests: ["api/operations/request-line"],
    },
  ],
  "lib/auth/challenge.ts": [
    {
      name: "a token needs no scheme",
      find: "/^Bearer +(",
      replace: "/^(?:Bearer +)?(",
      tests: ["api/auth/access-token"],
    },
  ],
  "lib/auth/cron-secret.ts": [
    {
      name: "any bearer token may run the cron",
      find: "if (!equalBytes(digest(token), digest(secret)))",
      replace: "if (!token)",
      tests: ["api/mail/cron"],
    },
  ],
  "lib/auth/keys.ts": [
    {
      name: "one derived key does for every use",
      find: "`latchkey ${use} v1`",
      replace: "`latchkey v1`",
      tests: ["auth/tokens"],
    },
    {
      name: "parts of a MAC may be shifted into each other",
      find: "hmac.update(length).update(bytes);",
      replace: "hmac.update(bytes);",
      tests: ["auth/tokens"],
    },
    {
      name: "secrets are compared in a time that tells how far they agree",
      find: "a.length === b.length && timingSafeEqual(a, b)",
      replace: "a.equals(b)",
      tests: ["api/structure/homes"],
    },
    {
      name: "only the newest secret verifies",
      find: "return [current, ...older];",
      replace: "return [current];",
      tests: ["auth/tokens"],
    },
  ],
  "lib/auth/link-token.ts": [
    {
      name: "a link is good for another purpose too",
      find: "ring.map((keys) => mac(keys.link, purpose, bytes))",
      replace:
        'ring.flatMap((keys) => ["verify-email", "reset-password"].map((p) => mac(keys.link, p, bytes)))',
      tests: ["auth/tokens"],
    },
  ],
  "lib/auth/opaque-token.ts": [
    {
      name: "the tag of a cookie, a link or a cursor is not checked",
      find: "? payload : null;",
      replace: "? payload : payload;",
      tests: ["auth/tokens"],
    },
    {
      name: "one token can be spelled in many ways",
      find: 'bytes.toString("base64url") !== token || ',
      replace: "",
      tests: ["auth/tokens"],
    },
  ],
  "lib/auth/passwords.ts": [
    {
      name: "a password typed on another keyboard is another one",
      find: 'password.normalize("NFKC")',
      replace: "password",
      tests: ["auth/passwords"],
    },
    {
      name: "an unknown address is answered without the work of a known one",
      find: "await queued(() => verify(storedHash ?? hashOfNobody, normalized(password)));",
      replace: "storedHash !== null && (await queued(() => verify(storedHash, normalized(password))));",
      tests: ["auth/passwords"],
    },
    {
      name: "any number of hashes may wait",
      find: "waiting: argon2.queuedHashes",
      replace: "waiting: 10_000",
      tests: ["auth/passwords"],
    },
    {
      name: "a hash may wait for any time",
      find: "waitMs: argon2.queuedMs",
      replace: "waitMs: 600_000",
      tests: ["auth/passwords"],
    },
    {
      name: "hashes of weaker parameters stay for ever",
      find: "!storedHash.startsWith(cost)",
      replace: "!storedHash",
      tests: ["auth/passwords"],
    },
  ],
  "lib/auth/limits.ts": [
    {
      name: "a hash takes a twentieth of the memory",
      find: "memoryKiB: 19_456",
      replace: "memoryKiB: 1_024",
      tests: ["auth/passwords"],
    },
  ],
};
