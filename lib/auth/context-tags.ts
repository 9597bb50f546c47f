import { pseudonym } from "../crypto/keyed-hash.js";
import type { KeyRing, Keys } from "../crypto/keys.js";

/** The form in which passwords, addresses and names are compared: NFKC, lower case, trimmed. */
export const normalizeForComparison = (value: string): string => value.normalize("NFKC").toLowerCase().trim();

const tagOf = (keys: Keys, value: string) =>
  pseudonym(keys, "password context", normalizeForComparison(value));

/**
 * Keyed hashes of the two texts that a password may not equal. They are stored with the user, because a reset knows
 * neither address nor name. A leaked database reveals neither text.
 */
export const contextTags = (ring: KeyRing, { email, name }: { email: string; name: string }): string[] => [
  tagOf(ring[0], email),
  tagOf(ring[0], name),
];

/** The second element of `contextTags`. */
export const nameTag = (ring: KeyRing, name: string): string => tagOf(ring[0], name);

/** The tags of a password under every key, because an older key may have made the stored tags. */
export const passwordTags = (ring: KeyRing, password: string): string[] =>
  ring.map((keys) => tagOf(keys, password));
