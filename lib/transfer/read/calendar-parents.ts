import { type Component, valueIn } from "./calendar-lines.js";
import { deepSubtask } from "./source-file.js";

/** The parent of a VTODO, by its row. `missingParent`: the UID of a parent that is not in the file. */
export type ParentLink = {
  parentRow?: number | undefined;
  missingParent?: string | undefined;
  notes: string[];
};

/** Finds the parents of the rows of a calendar. */
export function parentLinksOf(rows: readonly Component[]): ParentLink[] {
  const rowsByUid = new Map<string | undefined, number>();
  for (const [row, component] of rows.entries()) {
    const uid = uidOf(component);
    // Components with the UID of an earlier one change single occurrences of it (RFC 5545 section 3.8.4.4).
    if (component.name === "VTODO" && uid && !rowsByUid.has(uid)) rowsByUid.set(uid, row);
  }
  const parentUids = rows.map(parentUid);
  const parents = parentUids.map((uid) => rowsByUid.get(uid));
  return rows.map((_, row) =>
    parents[row] === undefined ? { missingParent: parentUids[row], notes: [] } : parentLinkOf(row, parents),
  );
}

export const uidOf = (component: Component): string | undefined => valueIn(component, "UID") || undefined;

const parentUid = ({ properties }: Component): string | undefined =>
  properties.find(
    ({ name, parameters }) =>
      name === "RELATED-TO" && (parameters.get("RELTYPE") ?? "PARENT").toUpperCase() === "PARENT",
  )?.value || undefined;

/** The topmost ancestor of a row, because there is only one level of subtasks. */
function parentLinkOf(row: number, parents: readonly (number | undefined)[]): ParentLink {
  const above = new Set<number>();
  for (let next = parents[row]; next !== undefined; next = parents[next]) {
    if (next === row || above.has(next))
      return { notes: ["The parent was left out: the parents form a cycle."] };
    above.add(next);
  }
  return { parentRow: [...above].at(-1), notes: above.size > 1 ? [deepSubtask] : [] };
}
