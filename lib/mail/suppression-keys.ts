import { emailKey } from "../auth/email-key.js";
import { pseudonym } from "../crypto/keyed-hash.js";
import type { KeyRing } from "../crypto/keys.js";

/** The keys of an address in `suppressions`, one per secret of AUTH_SECRET. The first one is written, all are read. */
export const suppressionKeys = (ring: KeyRing, address: string): [string, ...string[]] => {
  const keyOf = (keys: KeyRing[number]) => pseudonym(keys, "suppression", emailKey(address));
  const [current, ...older] = ring;
  return [keyOf(current), ...older.map(keyOf)];
};
