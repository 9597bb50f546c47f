import { type KeyRing, mac } from "./keys.js";
import type { LinkPurpose } from "./limits.js";
import { seal, unseal, uuidBytes, uuidText } from "./opaque-token.js";

/** The token of a mailed link. The row keeps only the id, from which nobody without the key can make it. */
export const issueLinkToken = (ring: KeyRing, purpose: LinkPurpose, linkId: string): string =>
  seal(uuidBytes(linkId), mac(ring[0].link, purpose, uuidBytes(linkId)));

/** The id of the link, or null when the token was not issued here for this purpose. */
export function readLinkToken(ring: KeyRing, purpose: LinkPurpose, token: string): string | null {
  const payload = unseal(token, 16, (bytes) => ring.map((keys) => mac(keys.link, purpose, bytes)));
  return payload && uuidText(payload);
}
