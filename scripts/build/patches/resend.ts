import { type Patch, replaceMatches } from "./patch.js";

/**
 * resend imports a MIME parser for inbound emails. Latchkey does not receive any. Code that reached the parser would throw,
 * because undefined is not a function.
 */
const withoutInboundEmail = (source: string): string =>
  replaceMatches(source, {
    what: "import of postal-mime",
    pattern: /^import PostalMime from "postal-mime";$/m,
    replacement: "const PostalMime = undefined;",
  });

export const resend: Patch = {
  packageName: "resend",
  version: "6.38.0",
  file: "dist/index.mjs",
  apply: withoutInboundEmail,
};
