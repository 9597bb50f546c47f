import { describe, expect, test } from "vitest";
import { dbTime } from "../../lib/text.js";

describe("a time of the database", () => {
  test.each([
    ["a column in UTC", "2026-11-25 18:57:25.123456+00", "2026-11-25T18:57:25.123Z"],
    ["without a fraction", "2026-11-25 18:57:25+00", "2026-11-25T18:57:25.000Z"],
    ["whose fraction ends early", "2026-11-25 18:57:25.1+00", "2026-11-25T18:57:25.100Z"],
    ["inside a JSON value", "2026-11-25T18:57:25.123456+00:00", "2026-11-25T18:57:25.123Z"],
    ["in a zone of whole hours", "2026-11-26 00:57:25.123456+06", "2026-11-25T18:57:25.123Z"],
    ["in a zone of half hours", "2026-11-25 15:27:25.5-03:30", "2026-11-25T18:57:25.500Z"],
    ["inside a JSON value of such a zone", "2026-11-25T15:27:25.5-03:30", "2026-11-25T18:57:25.500Z"],
  ])("%s becomes RFC 3339 in UTC", (_title, text, expected) => {
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
  ])("%s is none", (value) => {
    expect(dbTime.safeParse(value).success).toBe(false);
  });
});
