/** A media type without parameters, in lower case. */
export const essenceOf = (mediaType: string): string => (mediaType.split(";")[0] ?? "").trim().toLowerCase();

/** `application/json`, or a type with the suffix `+json` (RFC 6839). */
export const isJson = (mediaType: string): boolean => /^\w+\/(?:.+\+)?json$/.test(essenceOf(mediaType));

/** Whether a documented media type or range (`text/*`) covers the one of a response. */
export function coversType(documented: string, type: string): boolean {
  const wanted = essenceOf(documented);
  if (wanted === "*/*" || wanted === type) return true;
  return wanted.endsWith("/*") && type.startsWith(wanted.slice(0, -1));
}

/** The value of a JSON text, or `undefined`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
