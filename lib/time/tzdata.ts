/**
 * The version of the time zone data in this runtime, such as 2026c. Governments change their clocks, so a stored instant is
 * only as good as the rules that it was computed with.
 */
export const tzdataVersion = (): string => process.versions["tz"] ?? "unknown";
