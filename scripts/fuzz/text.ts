import fc from "fast-check";

/** Single code points that any text may have, whatever a field is for: none invisible, none that NFKC changes. */
const plainUnits = [..."abcxyzABCXYZ0123456789-_.,:;!?'\"()[]{}<>/\\|@#$%&*+=~^`éßñжλ漢字かな🙂🦊"];
/** Longer texts stay in ASCII: prose may limit their bytes, where the schema can only count characters. */
const asciiOnlyFrom = 1_000;

/** Fills up to `length` code points with letters that look random and depend on `salt` alone: never a known word. */
function filled(base: readonly string[], length: number, salt: string): string {
  const units = base.slice(0, length);
  let state = [...salt].reduce((sum, unit) => sum * 31 + (unit.codePointAt(0) ?? 0), 7) % 2_147_483_647;
  while (units.length < length) {
    state = (state * 48_271) % 2_147_483_647;
    units.push((state % 36).toString(36));
  }
  return units.join("");
}

/** Lengths with a weakness for both ends. */
export const lengths = (min: number, max: number): fc.Arbitrary<number> => {
  const near = fc.integer({ min, max: Math.min(max, min + 30) });
  const ends = fc.constantFrom(min, Math.min(max, min + 1), Math.max(min, max - 1), max);
  // A list of the longest texts costs seconds.
  return fc.oneof({ weight: max > asciiOnlyFrom ? 30 : 4, arbitrary: near }, { weight: 1, arbitrary: ends });
};

/** Text that nobody has a reason to refuse, of a length that is drawn. */
export function plainText(length: fc.Arbitrary<number>, salt: string): fc.Arbitrary<string> {
  const units = fc.array(fc.constantFrom(...plainUnits), { maxLength: 60 });
  return fc.tuple(units, length).map(([base, wanted]) => {
    const kept = wanted > asciiOnlyFrom ? base.filter((unit) => unit < "\x7f") : base;
    return filled(kept, wanted, salt);
  });
}

const oddPieces = [
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
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a template engine would run is the point.
  "${7*7}{{7*7}}",
  "__proto__",
  "ﬁ",
  "İ",
];

/** Any code points. fast-check's own `binary` builds a table of all of them, which takes half a second. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }), { minLength: 1, maxLength: 4 })
  .map((points) => String.fromCodePoint(...points));

/** Text that a service may refuse, and must not stumble over. */
export const oddText = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...oddPieces), anyText), {
      minLength: 1,
      maxLength: 6,
    })
    .map((pieces) => {
      const units = [...pieces.join("")].slice(0, max);
      return units.join("") + filled([], Math.max(0, min - units.length), "odd");
    });

/** An address in a domain that nobody can own (RFC 2606). Rarely the same one twice. */
export function emailAddress(maxLength: number): fc.Arbitrary<string> {
  const local = fc.tuple(fc.integer({ min: 0, max: 2 ** 48 }), fc.constantFrom("", "+tag", ".b", "-c", "_D"));
  const domain = fc.constantFrom("example.com", "example.org", "sub.example.net", "EXAMPLE.com");
  const usual = fc.tuple(local, domain).map(([[n, end], host]) => `u${n.toString(36)}${end}@${host}`);
  const longest = fc
    .tuple(usual, fc.boolean())
    .map(([address, isLongest]) => emailOfLength(address, maxLength - (isLongest ? 0 : 1)));
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: longest });
}

/** Lengthens the domain by labels (RFC 1035: 63 characters each). */
export function emailOfLength(address: string, length: number): string {
  const [local = "", host = ""] = address.split("@");
  let labels = "";
  for (
    let missing = length - address.length;
    missing > 0;
    missing = length - address.length - labels.length
  ) {
    // What is left after this label must be none, or enough for one more.
    const size = Math.min(missing, missing > 61 && missing < 64 ? 40 : 61);
    labels += `${"d".repeat(Math.max(1, size - 1))}.`;
  }
  return `${local}@${labels}${host}`;
}

export const badEmails = [
  "plain",
  "@example.com",
  "a@",
  "a b@example.com",
  "a@b@example.com",
  "a@example..com",
  ".a@example.com",
  "a@localhost",
  "a@-example.com",
  "<a@example.com>",
  "a@exam\0ple.com",
];

export const badUuids = [
  "1",
  "null",
  "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b2",
  "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b211",
  "019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b2g",
  "x".repeat(36),
  "019aaf3e_7c5b_7d7a_9a53_0f6a1f6f3b21",
  "\0",
  "🙂",
  "'; select 1 --",
  "{019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21}",
];
