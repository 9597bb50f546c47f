import { type Patch, replaceMatches } from "./patch.js";

/**
 * resend imports a MIME parser for inbound emails, which Latchkey does not receive, and a verifier of webhooks, which the
 * webhook's function imports itself. Code that reached either here would throw, because undefined is not a function.
 */
const withoutInboundCalls = (source: string): string =>
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
  apply: withoutInboundCalls,
};
