import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dateValue, linesOf, textValue, utcValue } from "../../../lib/feed/content-lines.js";

const octetsOf = (text: string) => Buffer.byteLength(text);
const linesIn = (text: string) => text.split("\r\n").slice(0, -1);
const unfold = (text: string) => text.replaceAll("\r\n ", "");

/** Any text, including characters of one to four octets and lone surrogates. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom("a", "é", "語", "🌱", "\ud800", ",", "\\", "\r", "\n", "\0"),
    maxLength: 400,
  }),
);

describe("a text (RFC 5545 section 3.3.11)", () => {
  test("has its backslashes, semicolons, commas and line breaks escaped, and no colon", () => {
    // The example of the section.
    expect(textValue("Project XYZ Final Review\nConference Room - 3B\nCome Prepared.")).toBe(
      "Project XYZ Final Review\\nConference Room - 3B\\nCome Prepared.",
    );
    expect(textValue("a\\b;c,d:e")).toBe("a\\\\b\\;c\\,d:e");
    expect(textValue("\\n")).toBe("\\\\n");
  });

  test("has one escaped line break for each CRLF, CR and LF", () => {
    expect(textValue("a\r\nb\rc\nd\n\re")).toBe("a\\nb\\nc\\nd\\n\\ne");
  });

  test("has no control characters except tabs (section 3.1)", () => {
    const controls = String.fromCharCode(...Array.from({ length: 32 }, (_, code) => code), 127);
    expect(textValue(`[${controls.replace(/[\r\n]/g, "")}]`)).toBe("[\t]");
  });
});

describe("a date or an instant", () => {
  test("has the forms of sections 3.3.4 and 3.3.5", () => {
    expect(dateValue("1997-07-14")).toBe("19970714");
    expect(utcValue("1998-01-19T07:00:00.123Z")).toBe("19980119T070000Z");
  });
});

describe("a content line (section 3.1)", () => {
  test("of 75 octets stays whole, and one of 76 is folded", () => {
    expect(linesOf([["X", "a".repeat(73)]])).toBe(`X:${"a".repeat(73)}\r\n`);
    expect(linesOf([["X", "a".repeat(74)]])).toBe(`X:${"a".repeat(73)}\r\n a\r\n`);
  });

  test("continues with a space that counts towards its octets", () => {
    expect(linesIn(linesOf([["X", "a".repeat(73 + 74 + 1)]])).map(octetsOf)).toEqual([75, 75, 2]);
  });

  test.each(["é", "語", "🌱"])("is not folded inside %s", (character) => {
    for (let shift = 0; shift < 4; shift += 1) {
      const value = "a".repeat(shift) + character.repeat(60);
      const text = linesOf([["X", value]]);
      expect(text).not.toContain("\ufffd");
      expect(unfold(text)).toBe(`X:${value}\r\n`);
    }
  });

  test("never has more than 75 octets, a bare CR or LF, or a control character, for any text", () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const text = linesOf([["DESCRIPTION", textValue(value)]]);
        expect(text.endsWith("\r\n")).toBe(true);
        for (const line of linesIn(text)) {
          expect(octetsOf(line)).toBeLessThanOrEqual(75);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: the grammar forbids exactly these.
          expect(line).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f]/);
        }
        expect(unfold(text)).toBe(`DESCRIPTION:${textValue(value).toWellFormed()}\r\n`);
      }),
      { numRuns: 2_000 },
    );
  });
});
