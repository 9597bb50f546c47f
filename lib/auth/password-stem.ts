/** The form in which passwords, addresses and names are compared: NFKC, lower case, trimmed. */
export const normalizeForComparison = (value: string): string => value.normalize("NFKC").toLowerCase().trim();

const digitOrSign = /[\p{N}\p{P}\p{S}\p{Z}]/u;

/**
 * The normalized text, then the same with one trailing digit or sign less at a time: guessers append them to every
 * word. Only at the end, and never letters, so that a passphrase stays what it is.
 */
export function* stemsOf(text: string): Generator<string> {
  const characters = [...text];
  while (characters.length > 0) {
    yield characters.join("");
    if (!digitOrSign.test(characters.pop() ?? "")) return;
  }
}

/** The shortest of `stemsOf`: the text without trailing digits and signs. A text of digits and signs only stays whole. */
export const stemOf = (text: string): string => text.replace(/[\p{N}\p{P}\p{S}\p{Z}]+$/u, "") || text;
