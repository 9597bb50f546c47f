/**
 * The smallest UUIDv7 of a moment (RFC 9562, section 5.7). Rows that were inserted later have greater ids, so an index
 * on the id finds them without one on the time. `atMs`: milliseconds since 1970.
 */
export function firstIdAt(atMs: number): string {
  const hex = Math.floor(atMs).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
