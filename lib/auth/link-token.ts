import type { LinkPurpose } from "../../db/schema/links.js";
import { keyedHash } from "../crypto/keyed-hash.js";
import type { KeyRing } from "../crypto/keys.js";
import { openSealed, seal, uuidBytes, uuidText } from "../crypto/sealed-token.js";

/** "This wasn't me" has no row in `links`: its token names the email that carries it. */
export type TokenPurpose = LinkPurpose | "not-me";

/** The token of a link in an email. The database stores only the id, which is useless without the key. */
export const issueLinkToken = (ring: KeyRing, purpose: TokenPurpose, linkId: string): string =>
  seal(uuidBytes(linkId), keyedHash(ring[0].link, purpose, uuidBytes(linkId)));

/** The id of the link, or null if the token was not issued here for this purpose. */
export function readLinkToken(ring: KeyRing, purpose: TokenPurpose, token: string): string | null {
  const payload = openSealed(token, 16, (bytes) => ring.map((keys) => keyedHash(keys.link, purpose, bytes)));
  return payload && uuidText(payload);
}
