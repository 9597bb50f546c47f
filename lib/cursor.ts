import { type KeyRing, mac } from "./auth/keys.js";
import { seal, unseal, uuidBytes, uuidText } from "./auth/opaque-token.js";
import { Problem } from "./problem.js";

/** Everything a cursor is bound to: the list, whose it is, its filter. Other values, other cursor. */
export type CursorScope = readonly (string | undefined)[];

const tagBytes = 12;
const tag = (key: Buffer, scope: CursorScope, payload: Buffer) =>
  mac(key, payload, ...scope.map((part) => (part === undefined ? "-" : `+${part}`))).subarray(0, tagBytes);

/** The rows of one page and the cursor of the next, from one row more than the page holds. */
export function toPage<Row extends { id: string }>(
  ring: KeyRing,
  scope: CursorScope,
  limit: number,
  rows: Row[],
) {
  const data = rows.slice(0, limit);
  const last = rows.length > limit ? data.at(-1) : undefined;
  if (!last) return { data, nextCursor: null };
  const payload = uuidBytes(last.id);
  return { data, nextCursor: seal(payload, tag(ring[0].cursor, scope, payload)) };
}

/** The id that the page starts after. @throws Problem `invalid-cursor` */
export function readCursor(ring: KeyRing, scope: CursorScope, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const payload = unseal(cursor, 16, (bytes) => ring.map((keys) => tag(keys.cursor, scope, bytes)));
  if (!payload) throw new Problem("invalid-cursor");
  return uuidText(payload);
}
