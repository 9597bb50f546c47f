import fc from "fast-check";

/** An address in a domain reserved for examples (RFC 2606), rarely repeated. */
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
    // A label takes at least two characters with its dot, so never leave a single character.
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
  "a@localhost",
  "a@-example.com",
  "<a@example.com>",
  "a@exam\0ple.com",
];
