import { pseudonym } from "../crypto/keyed-hash.js";
import type { KeyRing, Keys } from "../crypto/keys.js";
import { normalizeForComparison, stemOf } from "./password-stem.js";

const tagOf = (keys: Keys, text: string) => pseudonym(keys, "password context", text);

const stemTag = (keys: Keys, value: string) => tagOf(keys, stemOf(normalizeForComparison(value)));

const localPart = (email: string) => email.slice(0, email.lastIndexOf("@"));

/**
 * Keyed hashes of the texts that a password may not equal, apart from its trailing digits and signs. They are stored
 * with the user, because a reset knows neither address nor name. A leaked database reveals neither text. Rows of
 * release 0.1 have the first two, of whole texts.
 */
export const contextTags = (ring: KeyRing, { email, name }: { email: string; name: string }): string[] => {
  const [whole, local] = addressTags(ring, email);
  return [whole, nameTag(ring, name), local];
};

/** The first and the third element of `contextTags`. */
export const addressTags = (ring: KeyRing, email: string): [string, string] => [
  stemTag(ring[0], email),
  stemTag(ring[0], localPart(email)),
];

/** The second element of `contextTags`. */
export const nameTag = (ring: KeyRing, name: string): string => stemTag(ring[0], name);

/** The tags of a password, whole and stem, under every key, because an older key may have made the stored tags. */
export const passwordTags = (ring: KeyRing, password: string): string[] => {
  const text = normalizeForComparison(password);
  return ring.flatMap((keys) => [...new Set([text, stemOf(text)])].map((part) => tagOf(keys, part)));
};
