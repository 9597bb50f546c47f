import type * as z from "zod";
import type { KeyRing } from "../crypto/keys.js";
import type { syncChanges } from "./contract.js";
import type { SyncedRows } from "./queries/changes.js";
import { lastId, type SyncPlace, writeToken } from "./token.js";

type Request = { ring: KeyRing; userId: string; since: SyncPlace | null };
type Body = z.output<(typeof syncChanges)["responses"][200]["body"]>;

/** The response for the rows of one page. */
export function syncPageOf({ ring, userId, since }: Request, { head, rows }: SyncedRows): Body {
  const changes: Body["changes"] = [];
  const tombstones: Body["tombstones"] = [];
  for (const row of rows) {
    if (row.row === null) tombstones.push({ type: row.type, id: row.id, deletedAt: row.deletedAt });
    else if (row.type === "task") changes.push({ type: row.type, task: row.row });
    else if (row.type === "label") changes.push({ type: row.type, label: row.row });
    else changes.push({ type: row.type, project: row.row });
  }
  const last = rows.at(-1);
  const hasMore = last?.hasNext ?? false;
  // The rows of one transaction share a number, and a page may end in the middle of them.
  const place = last && hasMore ? { seq: Number(last.sortKey), id: last.id } : { seq: head, id: lastId };
  const next = writeToken(ring, userId, { ...place, deletionsFrom: since?.deletionsFrom ?? head });
  return { changes, tombstones, next, hasMore };
}
