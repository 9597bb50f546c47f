import { type KeyRing, type Keys, pseudonym } from "./keys.js";

/** How passwords, addresses and names are compared: one spelling of each character, no case. */
export const folded = (value: string): string => value.normalize("NFKC").toLowerCase().trim();

const tagOf = (keys: Keys, value: string) => pseudonym(keys, "password context", folded(value));

/**
 * Keyed hashes of what a password may not equal. They are stored with the user, because a reset knows neither
 * address nor name; a thief of the database learns nothing from them.
 */
export const contextTags = (ring: KeyRing, { email, name }: { email: string; name: string }): string[] => [
  tagOf(ring[0], email),
  tagOf(ring[0], name),
];

/** The tag that stands for the name in `contextTags`. */
export const nameTag = (ring: KeyRing, name: string): string => tagOf(ring[0], name);

/** What to look for in stored tags: the password, under every key that a tag may have been made with. */
export const passwordTags = (ring: KeyRing, password: string): string[] =>
  ring.map((keys) => tagOf(keys, password));
