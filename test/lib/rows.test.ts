import { describe, expect, test } from "vitest";
import { dbTime } from "../../lib/rows.js";

describe("dbTime", () => {
  test.each([
    ["a column in UTC", "2026-11-25 18:57:25.123456+00", "2026-11-25T18:57:25.123Z"],
    ["a column without a fraction", "2026-11-25 18:57:25+00", "2026-11-25T18:57:25.000Z"],
    ["a short fraction", "2026-11-25 18:57:25.1+00", "2026-11-25T18:57:25.100Z"],
    ["a JSON value", "2026-11-25T18:57:25.123456+00:00", "2026-11-25T18:57:25.123Z"],
    ["a zone of whole hours", "2026-11-26 00:57:25.123456+06", "2026-11-25T18:57:25.123Z"],
    ["a zone of half hours", "2026-11-25 15:27:25.5-03:30", "2026-11-25T18:57:25.500Z"],
    ["a JSON value in a zone of half hours", "2026-11-25T15:27:25.5-03:30", "2026-11-25T18:57:25.500Z"],
  ])("converts %s to RFC 3339 in UTC", (_title, text, expected) => {
    expect(dbTime.parse(text)).toBe(expected);
  });

  test.each([
    "",
    "infinity",
    "2026-13-25 18:57:25+00",
    "2026-11-25",
    "2026-11-25 18:57:25",
    new Date(0),
    null,
  ])("rejects %s", (value) => {
    expect(dbTime.safeParse(value).success).toBe(false);
  });
});
