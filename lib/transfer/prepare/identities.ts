import { createHash } from "node:crypto";
import type { ImportRequest } from "../contract.js";

/**
 * The id in the file, or null with a digest from which the database makes an id: in one account, the same row always gets
 * the same one.
 */
export type Identity = { id: string | null; digest: string };

export function createIdentities(userId: string, ids: ImportRequest["ids"]) {
  const uses = new Map<string, number>();
  return {
    of: (id: string): Identity => ({ id: ids === "keep" ? id : null, digest: digestOf(userId, "id", id) }),
    /** Of a row without an id, for which `key` stands. Equal rows of one file differ by their number. */
    ofRow(key: string): Identity {
      const use = (uses.get(key) ?? 0) + 1;
      uses.set(key, use);
      return { id: null, digest: digestOf(userId, "row", key, use) };
    },
  };
}

/** A UUIDv7 (RFC 9562 section 5.7) without its time: the version, the variant and 72 bits. */
function digestOf(...parts: unknown[]): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `7${hex.slice(0, 3)}8${hex.slice(3, 18)}`;
}
