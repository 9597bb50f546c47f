import type { MutantsByFile } from "../mutant.js";
import { dropArgument, replaceCall, setArgument } from "../operators/call.js";
import { dropCheck, setCondition } from "../operators/condition.js";
import { inOrder } from "../operators/edit.js";
import { replaceText } from "../operators/text.js";
import { dropProperty, dropSpread } from "../operators/value.js";

/** Keys, tokens, and the secret of the cron. */
export const access: MutantsByFile = {
  "lib/auth/access-token.ts": [
    {
      name: "an access token from another issuer is accepted",
      edit: dropProperty({ in: "verify", property: "issuer" }),
      tests: ["api/auth/access-token"],
    },
    {
      name: "an access token for another audience is accepted",
      edit: dropProperty({ in: "verify", property: "audience" }),
      tests: ["api/auth/access-token"],
    },
    {
      name: "a JWT of another type is accepted as an access token",
      edit: dropProperty({ in: "verify", property: "typ" }),
      tests: ["api/auth/access-token"],
    },
    {
      name: "an access token chooses the algorithm that verifies it",
      edit: dropProperty({ in: "verify", property: "algorithms" }),
      tests: ["api/auth/access-token"],
    },
    {
      name: "the request log names users by their id",
      edit: replaceCall({ in: "requireAccessToken", call: "userPseudonym", by: { argument: 1 } }),
      tests: ["api/operations/request-line"],
    },
  ],
  "lib/auth/verified-tokens.ts": [
    {
      name: "an access token that was verified once never expires",
      edit: setCondition({ in: "createVerifiedTokens", mentions: "expiresAt", to: true }),
      tests: ["api/auth/access-token"],
    },
  ],
  "lib/auth/cron-secret.ts": [
    {
      name: "any bearer token may run the cron",
      edit: dropCheck({ in: "requireCronSecret", throws: "unauthenticated" }),
      tests: ["api/mail/cron"],
    },
  ],
  "lib/auth/link-token.ts": [
    {
      name: "a confirmation link also resets the password",
      edit: inOrder(
        dropArgument({ in: "issueLinkToken", call: "keyedHash", argument: 1 }),
        dropArgument({ in: "readLinkToken", call: "keyedHash", argument: 1 }),
      ),
      tests: ["auth/tokens"],
    },
  ],
  "lib/crypto/keys.ts": [
    {
      name: "links and refresh tokens share one key",
      edit: replaceText({ in: "derive", text: "link", by: "refresh token" }),
      tests: ["auth/tokens"],
    },
    {
      name: "a rotated secret no longer verifies",
      edit: dropSpread({ in: "keyRing" }),
      tests: ["auth/tokens"],
    },
  ],
  "lib/crypto/keyed-hash.ts": [
    {
      name: "different lists of parts have the same keyed hash",
      edit: inOrder(
        setArgument({ in: "keyedHash", call: "alloc", argument: 0, to: "0" }),
        replaceCall({ in: "keyedHash", call: "writeUInt32BE", by: "undefined" }),
      ),
      tests: ["auth/tokens"],
    },
  ],
  "lib/crypto/sealed-token.ts": [
    {
      name: "a sealed token with a forged tag is accepted",
      edit: setCondition({ in: "openSealed", mentions: "equalBytes", to: true }),
      tests: ["auth/tokens"],
    },
  ],
  "lib/env/formats.ts": [
    {
      name: "a short AUTH_SECRET is accepted",
      edit: setCondition({ in: "isStrongSecret", mentions: "length", to: true }),
      tests: ["lib/env"],
    },
  ],
};
