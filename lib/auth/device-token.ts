import { keyedHash } from "../crypto/keyed-hash.js";
import type { KeyRing } from "../crypto/keys.js";
import { openSealed, seal } from "../crypto/sealed-token.js";
import { emailKey } from "./email-key.js";

const idBytes = 16;

/**
 * Proves that a browser has signed in to this account before (OWASP "device cookies"). Nothing is stored, and the
 * token names neither the account nor the person. `id`: that of the first session of the browser. Like every UUIDv7, it
 * says when it was made: before the statement that started the session, so before any later "This wasn't me".
 */
export const issueDeviceToken = (ring: KeyRing, email: string, id: Buffer): string =>
  seal(id, keyedHash(ring[0].device, emailKey(email), id));

/** The id of the device, or null if this account did not issue the token. */
export const readDeviceToken = (ring: KeyRing, email: string, token: string | undefined): Buffer | null =>
  token === undefined
    ? null
    : openSealed(token, idBytes, (id) => ring.map((keys) => keyedHash(keys.device, emailKey(email), id)));

/** When a device token was first issued, in milliseconds since 1970. Up to release 0.2, ids are random, and so is this. */
export const deviceIssuedAtMs = (id: Buffer): number => id.readUIntBE(0, 6);
