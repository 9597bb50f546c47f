import { randomBytes } from "node:crypto";
import { keyedHash } from "../crypto/keyed-hash.js";
import type { KeyRing } from "../crypto/keys.js";
import { openSealed, seal } from "../crypto/sealed-token.js";
import { emailKey } from "./email-key.js";

const idBytes = 16;

/**
 * Proves that a browser has signed in to this account before (OWASP "device cookies"). Nothing is stored, and the
 * token names neither the account nor the person.
 */
export const issueDeviceToken = (ring: KeyRing, email: string, id: Buffer = randomBytes(idBytes)): string =>
  seal(id, keyedHash(ring[0].device, emailKey(email), id));

/** The id of the device, or null if this account did not issue the token. */
export const readDeviceToken = (ring: KeyRing, email: string, token: string | undefined): Buffer | null =>
  token === undefined
    ? null
    : openSealed(token, idBytes, (id) => ring.map((keys) => keyedHash(keys.device, emailKey(email), id)));
