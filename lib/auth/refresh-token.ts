import { keyedHash } from "../crypto/keyed-hash.js";
import type { KeyRing } from "../crypto/keys.js";
import { openSealed, seal, uuidBytes, uuidText } from "../crypto/sealed-token.js";

/** The content of a refresh token: a session, and the generation within it. */
export type RefreshToken = { sessionId: string; generation: number };

const formatVersion = 1;
const payloadBytes = 1 + 16 + 4;

/** Deterministic: callers that present the same token get the same successor, and nothing replayable is stored. */
export function issueRefreshToken(ring: KeyRing, { sessionId, generation }: RefreshToken): string {
  const payload = Buffer.alloc(payloadBytes);
  payload.writeUInt8(formatVersion, 0);
  uuidBytes(sessionId).copy(payload, 1);
  payload.writeUInt32BE(generation, 17);
  return seal(payload, keyedHash(ring[0].refresh, payload));
}

/** Null if the token was not issued here. Makes no database call. */
export function readRefreshToken(ring: KeyRing, token: string | undefined): RefreshToken | null {
  const payload =
    token && openSealed(token, payloadBytes, (bytes) => ring.map((keys) => keyedHash(keys.refresh, bytes)));
  if (!payload || payload.readUInt8(0) !== formatVersion) return null;
  return { sessionId: uuidText(payload.subarray(1, 17)), generation: payload.readUInt32BE(17) };
}
