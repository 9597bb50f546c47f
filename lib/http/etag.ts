/** The strong validator of a version (RFC 9110 section 8.8.3). */
export const etagOf = (version: number): string => `"${version}"`;

const entityTag = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g;
const tagList = new RegExp(`^[\\s,]*${entityTag.source}(?:\\s*,[\\s,]*${entityTag.source})*[\\s,]*$`);

/** None for a header that is no list of tags: text that only contains one names no version. */
const entityTags = (header: string) => (tagList.test(header) ? [...header.matchAll(entityTag)] : []);

/** Whether `If-None-Match` names this version; weak comparison (RFC 9110 section 13.1.2). */
export function noneMatchNames(header: string | undefined, version: number): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  return entityTags(header).some((match) => match[2] === String(version));
}

/**
 * The versions that `If-Match` accepts; null: any. Strong comparison, so weak tags name none (RFC 9110 section
 * 13.1.1), and neither does a header that is no list of tags.
 */
export function matchVersions(header: string | undefined): number[] | null {
  if (header === undefined || header.trim() === "*") return null;
  return entityTags(header)
    .filter((match) => !match[1] && /^[1-9]\d{0,8}$/.test(match[2] ?? ""))
    .map((match) => Number(match[2]));
}
