import * as z from "zod";
import { keyedHash } from "./crypto/keyed-hash.js";
import type { KeyRing } from "./crypto/keys.js";
import { openSealed, seal, uuidBytes, uuidText } from "./crypto/sealed-token.js";
import { Problem } from "./problem.js";

const limits = { default: 50, max: 200 };
/** The longest cursor contains the name of a label in UTF-8. */
const maxCursorLength = 400;

/** A page ends with the row that reaches this size in JSON. */
export const pageBytes = 256 * 1024;

/** Query parameters of every list. A limit outside 1 to 200 is clamped (AIP-158). */
export const pageQuery = {
  cursor: z
    .string()
    .min(1)
    .max(maxCursorLength)
    .optional()
    .meta({ description: "`nextCursor` of the previous page" }),
  limit: z
    .string()
    .regex(/^-?\d+$/, "must be a whole number")
    .transform((value) => Math.min(Math.max(Number(value), 1), limits.max))
    .default(limits.default)
    .meta({
      description: `Rows per page, 1 to ${limits.max}; clamped. A page of about ${pageBytes / 1024} KiB is full sooner, so follow \`nextCursor\` instead of counting rows`,
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

/** A row of a page, its sort key as text if the list is not sorted by id, and whether the list continues after it. */
export type Listed<Row> = Row & { sortKey: string | null; hasNext: boolean };

export const listedRow = <Row>(shown: z.ZodType<Row>): z.ZodType<Listed<Row>> =>
  z.intersection(shown, z.object({ sortKey: z.string().nullable(), hasNext: z.boolean() }));

/** The last row of a page. The next page starts after it. */
export type Position = Pick<Listed<{ id: string }>, "id" | "sortKey">;

const idBytes = 16;

const payloadOf = ({ id, sortKey }: Position) => Buffer.concat([uuidBytes(id), Buffer.from(sortKey ?? "")]);

const positionOf = (payload: Buffer): Position => ({
  id: uuidText(payload.subarray(0, idBytes)),
  sortKey: payload.length > idBytes ? payload.toString("utf8", idBytes) : null,
});

/** Turns the rows of one page into the response. */
export function toPage<Row extends Listed<{ id: string }>>(
  ring: KeyRing,
  scope: CursorScope,
  rows: readonly Row[],
) {
  const data = rows.map(({ hasNext: _, sortKey: __, ...row }) => row);
  const last = rows.at(-1);
  return { data, nextCursor: last?.hasNext ? writePosition(ring, scope, last) : null };
}

/** Writes a position as a token, sealed for its scope. */
export function writePosition(ring: KeyRing, scope: CursorScope, position: Position): string {
  const payload = payloadOf(position);
  return seal(payload, tagOf(ring[0].cursor, scope, payload));
}

/** Reads the position in a token. Returns null if the token was altered, or made for another scope. */
export function readPosition(ring: KeyRing, scope: CursorScope, token: string): Position | null {
  const payloadBytes = Math.max(Buffer.byteLength(token, "base64url") - tagBytes, idBytes);
  const payload = openSealed(token, payloadBytes, (bytes) =>
    ring.map((keys) => tagOf(keys.cursor, scope, bytes)),
  );
  return payload && positionOf(payload);
}

/** The position after which the page starts, or null for the first page. @throws Problem `invalid-cursor` */
export function readCursor(ring: KeyRing, scope: CursorScope, cursor: string | undefined): Position | null {
  if (cursor === undefined) return null;
  const position = readPosition(ring, scope, cursor);
  if (!position) throw new Problem("invalid-cursor");
  return position;
}
