import type { MutantsByFile } from "../mutant.js";
import { dropArgument, replaceCall } from "../operators/call.js";
import { setCondition } from "../operators/condition.js";
import { dropProperty, setValue } from "../operators/value.js";

/** The checks before a handler runs. */
export const requests: MutantsByFile = {
  "lib/handle.ts": [
    {
      name: "another site may use the cookie",
      edit: replaceCall({ in: "guard", call: "requireOwnOrigin", by: "undefined" }),
      tests: ["api/auth/cross-site"],
    },
    {
      name: "the role of an admin is not required",
      edit: dropProperty({ in: "guard", property: "role" }),
      tests: ["api/admin/access"],
    },
  ],
  "lib/app.ts": [
    {
      name: "a body may be of any size",
      edit: dropArgument({ in: "createApp", call: "use", argument: "limitBody" }),
      tests: ["api/input/sizes"],
    },
  ],
  "lib/http/body.ts": [
    {
      name: "a form of another site is read as JSON",
      edit: setCondition({ in: "checkBody", mentions: "includes", to: false }),
      tests: ["api/input/bodies"],
    },
    {
      name: "a compressed body is accepted",
      edit: setCondition({ in: "checkBody", mentions: "identity", to: false }),
      tests: ["api/input/bodies"],
    },
  ],
  "lib/http/cross-origin.ts": [
    {
      name: "pages of any origin may read responses",
      edit: setValue({ of: "crossOrigin.origin", to: "(origin: string) => origin" }),
      tests: ["api/operations/cors"],
    },
  ],
  "lib/http/origins.ts": [
    {
      name: "a cross-site request without an origin counts as our own",
      edit: setCondition({ in: "requireOwnOrigin", mentions: "none", to: true }),
      tests: ["api/auth/cross-site"],
    },
  ],
  "lib/auth/email-address.ts": [
    {
      name: "the two spellings of an international domain are two accounts",
      edit: replaceCall({ in: "asciiDomain", call: "domainToASCII", by: { argument: 0 } }),
      tests: ["auth/email-address"],
    },
    {
      name: "an address may hide invisible characters",
      edit: setCondition({ in: "parseEmailAddress", mentions: "invisibleInside", to: false }),
      tests: ["auth/email-address"],
    },
    {
      name: "the conversion of a domain drops the characters after a slash",
      edit: setCondition({ in: "asciiDomain", mentions: "notInDomain", to: false }),
      tests: ["auth/email-address"],
    },
    {
      name: "an IP address counts as a domain",
      edit: setCondition({ in: "isDomain", mentions: "topLevel", to: true }),
      tests: ["auth/email-address"],
    },
  ],
};
