const invisible = /\p{Default_Ignorable_Code_Point}/gu;
const percentEncoded = /(?:%[0-9a-f]{2})+/gi;

/**
 * Finds the token in the address of an emailed link, or in a token alone. Email gateways turn `#` into `%23`, some of
 * them twice, and `=` into the `=3D` of quoted-printable (RFC 2045). Email programs add `.`, `>`, `)` or a zero-width
 * space. A token never starts with `3D`, because it starts with the time.
 */
export function tokenIn(text: string): string | undefined {
  const plain = decode(decode(text)).replace(invisible, "").trim();
  const [, named] = /\btoken=(?:3D)?[^\w&-]*([\w-]+)/i.exec(plain) ?? [];
  const [, alone] = /^[^\w-]*([\w-]{32,})[^\w-]*$/.exec(plain) ?? [];
  return named ?? alone;
}

function decode(text: string): string {
  return text.replace(percentEncoded, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}
