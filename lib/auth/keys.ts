import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from "node:crypto";

/** All that is derived from one secret of AUTH_SECRET; one key per use, so that none can stand in for another. */
export type Keys = {
  /** RFC 7638 thumbprint of the public key. */
  kid: string;
  signing: KeyObject;
  verifying: KeyObject;
  publicJwk: { kty: "OKP"; crv: "Ed25519"; x: string };
  refresh: Buffer;
  link: Buffer;
  pseudonym: Buffer;
  cursor: Buffer;
};

export type KeyRing = readonly [current: Keys, ...older: Keys[]];

const derived = new Map<string, Keys>();

/** The keys of every secret, newest first: the first signs, all verify. */
export function keyRing(secrets: readonly string[]): KeyRing {
  const [current, ...older] = secrets.map((secret) => {
    const known = derived.get(secret) ?? derive(secret);
    derived.set(secret, known);
    return known;
  });
  if (!current) throw new RangeError("AUTH_SECRET lists no secret");
  return [current, ...older];
}

// DER of a PKCS #8 Ed25519 private key up to its 32-byte seed (RFC 8410 section 7).
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

function derive(secret: string): Keys {
  const secretBytes = Buffer.from(secret, "base64url");
  // HKDF-SHA256 (RFC 5869) without salt: the secret is uniformly random already.
  const key = (use: string) => Buffer.from(hkdfSync("sha256", secretBytes, "", `latchkey ${use} v1`, 32));
  const signing = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, key("access token")]),
    format: "der",
    type: "pkcs8",
  });
  const verifying = createPublicKey(signing);
  const publicJwk = { kty: "OKP", crv: "Ed25519", x: String(verifying.export({ format: "jwk" }).x) } as const;
  const thumbprintInput = JSON.stringify({ crv: publicJwk.crv, kty: publicJwk.kty, x: publicJwk.x });
  return {
    kid: createHash("sha256").update(thumbprintInput).digest("base64url"),
    signing,
    verifying,
    publicJwk,
    refresh: key("refresh token"),
    link: key("link"),
    pseudonym: key("pseudonym"),
    cursor: key("cursor"),
  };
}

/** HMAC-SHA256 over the parts, each preceded by its length, so that no two lists of parts collide. */
export function mac(key: Buffer, ...parts: (string | Buffer)[]): Buffer {
  const hmac = createHmac("sha256", key);
  for (const part of parts) {
    const bytes = Buffer.from(part as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest();
}

export const equalBytes = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Stands for a subject where the subject itself must not: in logs and as throttle key. 132 bits. */
export const pseudonym = (keys: Keys, kind: string, subject: string): string =>
  mac(keys.pseudonym, kind, subject).toString("base64url").slice(0, 22);
