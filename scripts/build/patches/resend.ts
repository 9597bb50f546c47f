import { type Patch, replaceMatches } from "./patch.js";

/**
 * resend imports a MIME parser for inbound emails and a verifier for webhooks. Latchkey only sends. Code that reached
 * one of them would throw, because undefined is not a function.
 */
const withoutInboundEmail = (source: string): string =>
  [
    {
      what: "import of postal-mime",
      pattern: /^import PostalMime from "postal-mime";$/m,
      replacement: "const PostalMime = undefined;",
    },
    {
      what: "import of standardwebhooks",
      pattern: /^import \{ Webhook \} from "standardwebhooks";$/m,
      replacement: "const Webhook = undefined;",
    },
  ].reduce(replaceMatches, source);

export const resend: Patch = {
  packageName: "resend",
  version: "6.38.0",
  file: "dist/index.mjs",
  apply: withoutInboundEmail,
};
