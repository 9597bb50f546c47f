import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { projects } from "../../../db/schema/projects.js";
import type { IdempotencyKey } from "../../http/idempotency.js";
import { changedRow, currentRow, isExpected, type Target } from "../../resources/queries/change.js";
import { gap, movedMembers, type Neighbours, placed } from "../../resources/queries/place.js";
import { isReplay, isSameRequest, usedKey } from "../../resources/queries/used-key.js";
import { projectResource } from "./projects.js";
import { shownProject } from "./update.js";

const moved = z.intersection(projectResource.changed, movedMembers);

/** Moves a project. One that is already in its place keeps its version. Returns no row if the user has no such project. */
export function moveProjectRow(
  target: Target,
  neighbours: Neighbours,
  key: IdempotencyKey | undefined,
): Query<z.output<typeof moved>> {
  const isPossible = sql`exists (select from current_row cross join gap where ${isExpected(target)} and refused_member is null)`;
  const canMove = sql`${isPossible} and not ${isReplay(key)}`;
  return {
    name: "moveProject",
    statement: sql`
    with ${currentRow(projects, target)},
    ${gap(projects, target, neighbours)},
    ${key ? sql`${usedKey(key, target, isPossible)},` : sql``}
    ${placed(projects, target, canMove)},
    ${changedRow(projects, { position: sql`(select position from place)` }, canMove)}
    select ${isReplay(key)} or ${isExpected(target)} as "isApplied", ${shownProject} as resource, null as "changedFields",
           case when not ${isReplay(key)} then refused_member end as "refusedMember",
           ${isReplay(key)} as "isReplay", ${isSameRequest(key)} as "isSameRequest"
      from current_row cross join gap`,
    rowSchema: moved,
  };
}
