import type { MutantsByFile } from "../mutant.js";
import { dropArgument, replaceCall, setArgument } from "../operators/call.js";
import { setCondition } from "../operators/condition.js";
import { inOrder } from "../operators/edit.js";
import { replaceText } from "../operators/text.js";
import { setValue } from "../operators/value.js";

const cheapHash = `$argon2id$v=19$m=8,t=1,p=1$${"A".repeat(22)}$${"A".repeat(43)}`;

/** Hashing, verification and policy of passwords, and the budgets of guesses. */
export const passwords: MutantsByFile = {
  "lib/auth/passwords.ts": [
    {
      name: "any password signs in to an existing account",
      edit: replaceCall({ in: "verifyPassword", call: "verify", by: "Promise.resolve(true)" }),
      tests: ["api/auth/login"],
    },
  ],
  "lib/auth/void-hash.ts": [
    {
      name: "a guess at an unknown address costs less work",
      edit: setValue({ of: "voidHash", to: JSON.stringify(cheapHash) }),
      tests: ["auth/passwords"],
    },
  ],
  "lib/auth/password-policy.ts": [
    {
      name: "a common password is accepted",
      edit: setCondition({ in: "refuseCommonPassword", mentions: "commonPasswords", to: false }),
      tests: ["api/auth/password-policy"],
    },
  ],
  "lib/auth/password-stem.ts": [
    {
      name: "a common password with a digit at its end is accepted",
      edit: setCondition({ in: "stemsOf", mentions: "digitOrSign", to: true }),
      tests: ["api/auth/password-policy"],
    },
  ],
  "lib/auth/context-tags.ts": [
    {
      name: "the local part of the address with digits at its end is accepted",
      edit: replaceCall({ in: "passwordTags", call: "stemOf", by: { argument: 0 } }),
      tests: ["auth/tokens"],
    },
  ],
  "lib/auth/breached-passwords.ts": [
    {
      name: "a breached password is accepted",
      edit: setCondition({ in: "isBreachedPassword", mentions: "off", to: true }),
      tests: ["api/auth/breached-passwords"],
    },
    {
      name: "a password that is padding is refused",
      edit: replaceCall({ in: "hasSuffix", call: "Number", by: "1" }),
      tests: ["api/auth/breached-passwords"],
    },
    {
      name: "the whole hash of a password leaves",
      edit: setValue({ of: "prefixLength", to: "40" }),
      tests: ["api/auth/breached-passwords"],
    },
  ],
  "lib/auth/throttle.ts": [
    {
      name: "throttle keys show addresses in the database",
      edit: replaceCall({ in: "throttleKey", call: "pseudonym", by: { argument: 2 } }),
      tests: ["api/auth/throttle"],
    },
  ],
  "lib/auth/queries/sign-in-throttle.ts": [
    {
      name: "strangers can spend the budget of a known device",
      edit: setCondition({ in: "createSignInThrottle", mentions: "deviceId", to: false }),
      tests: ["api/auth/known-device"],
    },
  ],
  "lib/auth/device-token.ts": [
    {
      name: "the device token of one account makes the browser known to every account",
      edit: inOrder(
        dropArgument({ in: "issueDeviceToken", call: "keyedHash", argument: 1 }),
        dropArgument({ in: "readDeviceToken", call: "keyedHash", argument: 1 }),
      ),
      tests: ["api/auth/known-device"],
    },
  ],
  "lib/http/client-address.ts": [
    {
      name: "callers choose the address that their budget is counted by",
      edit: replaceText({ in: "clientAddress", text: "x-real-ip", by: "x-forwarded-for" }),
      tests: ["auth/client-block"],
    },
    {
      name: "any caller may state an address as the proxy does",
      edit: setCondition({ in: "isFromProxy", mentions: "equalBytes", to: true }),
      tests: ["auth/client-block"],
    },
    {
      name: "each address of an IPv6 network has its own budget",
      edit: setArgument({ in: "prefix64", call: "slice", argument: 1, to: "8" }),
      tests: ["auth/client-block"],
    },
  ],
};
