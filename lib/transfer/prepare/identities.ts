import { createHash } from "node:crypto";
import type { ImportRequest } from "../contract.js";

/**
 * The id in the file, or null and a digest from which the database derives an id. In one account, the same row always gets
 * the same id.
 */
export type Identity = { id: string | null; digest: string };

export function createIdAllocator(userId: string, ids: ImportRequest["ids"]) {
  const uses = new Map<string, number>();
  return {
    of: (id: string): Identity => ({ id: ids === "keep" ? id : null, digest: digestOf(userId, "id", id) }),
    /** For a row without an id, which `key` identifies. Equal rows of one file are told apart by their number. */
    ofRow(key: string): Identity {
      const use = (uses.get(key) ?? 0) + 1;
      uses.set(key, use);
      return { id: null, digest: digestOf(userId, "row", key, use) };
    },
  };
}

/** The part of a UUIDv7 (RFC 9562 section 5.7) after its time, in hex: the version, the variant and 72 bits. */
function digestOf(...parts: unknown[]): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `7${hex.slice(0, 3)}8${hex.slice(3, 18)}`;
}
