import fc from "fast-check";

/** Visible code points that any text field accepts. NFKC keeps each of them as it is. */
const plainUnits = [..."abcxyzABCXYZ0123456789-_.,:;!?'\"()[]{}<>/\\|@#$%&*+=~^`éßñжλ漢字かな🙂🦊"];
/** Longer texts stay in ASCII: a service may limit bytes, where a schema can only count characters. */
const asciiOnlyFrom = 1_000;

/** Pads to `length` code points with random-looking letters that depend only on `salt` and do not form known words. */
function padded(base: readonly string[], length: number, salt: string): string {
  const units = base.slice(0, length);
  let state = [...salt].reduce((sum, unit) => sum * 31 + (unit.codePointAt(0) ?? 0), 7) % 2_147_483_647;
  while (units.length < length) {
    state = (state * 48_271) % 2_147_483_647;
    units.push((state % 36).toString(36));
  }
  return units.join("");
}

/** Lengths that favour both ends of a range. */
export const lengths = (min: number, max: number): fc.Arbitrary<number> => {
  const near = fc.integer({ min, max: Math.min(max, min + 30) });
  const ends = fc.constantFrom(min, Math.min(max, min + 1), Math.max(min, max - 1), max);
  // The longest texts are rare: a service that lists them would take seconds.
  return fc.oneof({ weight: max > asciiOnlyFrom ? 30 : 4, arbitrary: near }, { weight: 1, arbitrary: ends });
};

/** Text that a service has no reason to refuse. */
export function plainText(length: fc.Arbitrary<number>, salt: string): fc.Arbitrary<string> {
  const units = fc.array(fc.constantFrom(...plainUnits), { maxLength: 60 });
  return fc.tuple(units, length).map(([base, wanted]) => {
    const kept = wanted > asciiOnlyFrom ? base.filter((unit) => unit < "\x7f") : base;
    return padded(kept, wanted, salt);
  });
}

const unusualPieces = [
  "\0",
  "\ud800",
  "\udc00x",
  " ",
  "\t",
  "\r\nSet-Cookie: a=b",
  "\u200b",
  "\u202e",
  "\u2028",
  "\ufeff",
  "\u0301",
  "\u{e0001}",
  "\ufdfa",
  "\u{10ffff}",
  "\x7f",
  "\x1b[2J",
  "<script>alert(1)</script>",
  "' OR 1=1 --",
  "%00%s%n",
  "../../etc/passwd",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the literal placeholder is meant for a template engine.
  "${7*7}{{7*7}}",
  "__proto__",
  "ﬁ",
  "İ",
];

/** Any code points. The table behind fast-check's own `binary` unit takes half a second to build. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }), { minLength: 1, maxLength: 4 })
  .map((points) => String.fromCodePoint(...points));

/** Text that a service may refuse, but must survive. */
export const unusualText = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...unusualPieces), anyText), { minLength: 1, maxLength: 6 })
    .map((pieces) => {
      const units = [...pieces.join("")].slice(0, max);
      return units.join("") + padded([], Math.max(0, min - units.length), "unusual");
    });
