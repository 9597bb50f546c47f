import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";

/** The keys derived from one secret of AUTH_SECRET: one per use, so that a token of one kind is never another. */
export type Keys = {
  /** RFC 7638 thumbprint of the public key. */
  kid: string;
  signing: KeyObject;
  verifying: KeyObject;
  publicJwk: { kty: "OKP"; crv: "Ed25519"; x: string };
  refresh: Buffer;
  link: Buffer;
  registration: Buffer;
  device: Buffer;
  pseudonym: Buffer;
  cursor: Buffer;
  audit: Buffer;
  feed: Buffer;
};

export type KeyRing = readonly [current: Keys, ...older: Keys[]];

const derived = new Map<string, Keys>();

/** The keys of every secret, newest first: the first signs, all verify. */
export function keyRing(secrets: readonly string[]): KeyRing {
  const [current, ...older] = secrets.map((secret) => {
    const keys = derived.get(secret) ?? derive(secret);
    derived.set(secret, keys);
    return keys;
  });
  if (!current) throw new RangeError("AUTH_SECRET lists no secret");
  return [current, ...older];
}

// DER of a PKCS #8 Ed25519 private key up to its 32-byte seed (RFC 8410 section 7).
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

function derive(secret: string): Keys {
  const secretBytes = Buffer.from(secret, "base64url");
  // HKDF-SHA256 (RFC 5869) without salt, because the secret is uniformly random. Never change this label after
  // launch, not even in a fork: every session, link and cursor would become invalid.
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
    registration: key("registration"),
    device: key("device"),
    pseudonym: key("pseudonym"),
    cursor: key("cursor"),
    audit: key("audit"),
    feed: key("feed"),
  };
}
