import { keyedHash } from "../crypto/keyed-hash.js";
import type { KeyRing } from "../crypto/keys.js";
import { openSealed, seal, uuidBytes, uuidText } from "../crypto/sealed-token.js";

/**
 * The secret of the browser that signed up. Together with a link from an email to the same address, it lets the
 * password of that sign-up take effect. Alone it is useless, and the database stores only the id.
 */
export const issueRegistrationSecret = (ring: KeyRing, registrationId: string): string =>
  seal(uuidBytes(registrationId), keyedHash(ring[0].registration, "secret", uuidBytes(registrationId)));

/** The id of the registration, or null if the secret was not issued here. */
export function readRegistrationSecret(ring: KeyRing, secret: string): string | null {
  const payload = openSealed(secret, 16, (bytes) =>
    ring.map((keys) => keyedHash(keys.registration, "secret", bytes)),
  );
  return payload && uuidText(payload);
}

/**
 * The id of the registration that an Idempotency-Key stands for: the same for every retry. UUIDv8 (RFC 9562
 * section 5.8), because it has no time in it.
 */
export function repeatableRegistrationId(ring: KeyRing, emailKey: string, idempotencyKey: string): string {
  const bytes = keyedHash(ring[0].registration, "idempotency", emailKey, idempotencyKey).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuidText(bytes);
}
