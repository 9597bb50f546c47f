import type { KeyRing } from "../crypto/keys.js";
import { type Position, readPosition, writePosition } from "../pagination.js";
import { Problem } from "../problem.js";

/**
 * How far a client has synchronized: it has every row up to (`seq`, `id`). It needs no tombstone up to `deletionsFrom`,
 * because it started later and never had those rows.
 */
export type SyncPlace = { seq: number; id: string; deletionsFrom: number };

/** The id of a place that comes after all rows with the same number. */
export const lastId = "ffffffff-ffff-ffff-ffff-ffffffffffff";

const scopeOf = (userId: string) => ["sync", userId];

const sortKey = /^(\d{1,15}) (\d{1,15})$/;

export function writeToken(ring: KeyRing, userId: string, { seq, id, deletionsFrom }: SyncPlace): string {
  return writePosition(ring, scopeOf(userId), { id, sortKey: `${seq} ${deletionsFrom}` });
}

/** @throws Problem `full-resync-required` if the token is invalid: its client must start again */
export function readToken(ring: KeyRing, userId: string, token: string): SyncPlace {
  const position: Position | null = readPosition(ring, scopeOf(userId), token);
  const [isMatch, seq, deletionsFrom] = sortKey.exec(position?.sortKey ?? "") ?? [];
  if (!position || !isMatch) throw new Problem("full-resync-required");
  return { id: position.id, seq: Number(seq), deletionsFrom: Number(deletionsFrom) };
}
