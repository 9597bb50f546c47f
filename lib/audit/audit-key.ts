import { keyedHash } from "../crypto/keyed-hash.js";
import type { KeyRing, Keys } from "../crypto/keys.js";

/** The key of one day, as `event_mac` takes it. */
export type AuditKey = {
  /** Names the secret and the day: `<start of its kid>.<UTC date>`. */
  id: string;
  inner: Buffer;
  outer: Buffer;
};

const blockBytes = 64;

/** The key, padded to a block of SHA-256 and XORed with `byte` (RFC 2104 section 2). */
const padded = (key: Buffer, byte: number): Buffer =>
  Buffer.from(Buffer.concat([key], blockBytes).map((value) => value ^ byte));

const utcDay = (moment: Date): string => moment.toISOString().slice(0, 10);

const kidStart = ({ kid }: Keys): string => kid.slice(0, 8);

const keyOfDay = (keys: Keys, day: string): Buffer => keyedHash(keys.audit, day);

/**
 * The key that signs events and checkpoints now. Postgres computes their MACs, because only it knows the event before:
 * the key of a day passes through it, and the key of all days never does. Someone who intercepts one there can forge
 * the events of that day, but not those before it.
 */
export function auditKey([keys]: KeyRing, now = new Date()): AuditKey {
  const day = utcDay(now);
  const key = keyOfDay(keys, day);
  return { id: `${kidStart(keys)}.${day}`, inner: padded(key, 0x36), outer: padded(key, 0x5c) };
}

/** The key with an id. Null if the ring has no such key. */
export function findAuditKey(ring: KeyRing, id: string): Buffer | null {
  const [kid = "", day = ""] = id.split(".");
  const keys = ring.find((candidate) => kidStart(candidate) === kid);
  return keys ? keyOfDay(keys, day) : null;
}
