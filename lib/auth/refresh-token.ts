import { type KeyRing, mac } from "./keys.js";
import { seal, unseal, uuidBytes, uuidText } from "./opaque-token.js";

/** What a refresh token says: the session, and which of its generations. */
export type RefreshToken = { sessionId: string; generation: number };

const formatVersion = 1;
const payloadBytes = 1 + 16 + 4;

/** Deterministic: all who present one token get the same successor, and nothing replayable is stored. */
export function issueRefreshToken(ring: KeyRing, { sessionId, generation }: RefreshToken): string {
  const payload = Buffer.alloc(payloadBytes);
  payload.writeUInt8(formatVersion, 0);
  uuidBytes(sessionId).copy(payload, 1);
  payload.writeUInt32BE(generation, 17);
  return seal(payload, mac(ring[0].refresh, payload));
}

/** Null when it was not issued here: refused without a look at the database. */
export function readRefreshToken(ring: KeyRing, token: string | undefined): RefreshToken | null {
  const payload =
    token && unseal(token, payloadBytes, (bytes) => ring.map((keys) => mac(keys.refresh, bytes)));
  if (!payload || payload.readUInt8(0) !== formatVersion) return null;
  return { sessionId: uuidText(payload.subarray(1, 17)), generation: payload.readUInt32BE(17) };
}
