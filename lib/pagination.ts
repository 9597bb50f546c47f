import * as z from "zod";
import { keyedHash } from "./crypto/keyed-hash.js";
import type { KeyRing } from "./crypto/keys.js";
import { openSealed, seal, uuidBytes, uuidText } from "./crypto/sealed-token.js";
import { Problem } from "./problem.js";

const limits = { default: 50, max: 200 };

/** Query parameters of every list. A limit outside 1 to 200 is clamped (AIP-158). */
export const pageQuery = {
  cursor: z.string().min(1).max(200).optional().meta({ description: "`nextCursor` of the previous page" }),
  limit: z
    .string()
    .regex(/^-?\d+$/, "must be a whole number")
    .transform((value) => Math.min(Math.max(Number(value), 1), limits.max))
    .default(limits.default)
    .meta({
      description: `Rows per page, 1 to ${limits.max}; clamped`,
      example: limits.default,
    }),
};

/** The response of every list. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.strictObject({
    data: z.array(item),
    nextCursor: z
      .string()
      .nullable()
      .meta({ description: "Pass it as `cursor` for the next page; null on the last page" }),
  });

/** The list, its owner and its filter. A cursor is valid only in the scope that it was made for. */
export type CursorScope = readonly (string | undefined)[];

const tagBytes = 12;
// The prefix keeps an absent part apart from an empty one.
const tagOf = (key: Buffer, scope: CursorScope, payload: Buffer) =>
  keyedHash(key, payload, ...scope.map((part) => (part === undefined ? "-" : `+${part}`))).subarray(
    0,
    tagBytes,
  );

/** Turns `limit + 1` rows into a page: the extra row only shows that there is a next page. */
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
  return { data, nextCursor: seal(payload, tagOf(ring[0].cursor, scope, payload)) };
}

/** The id after which the page starts, or null for the first page. @throws Problem `invalid-cursor` */
export function readCursor(ring: KeyRing, scope: CursorScope, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const payload = openSealed(cursor, 16, (bytes) => ring.map((keys) => tagOf(keys.cursor, scope, bytes)));
  if (!payload) throw new Problem("invalid-cursor");
  return uuidText(payload);
}
