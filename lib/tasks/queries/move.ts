import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import { jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { tasks } from "../../../db/schema/tasks.js";
import type { IdempotencyKey } from "../../http/idempotency.js";
import { changedRow, currentRow, isExpected, type Target } from "../../resources/queries/change.js";
import { gap, movedMembers, placed } from "../../resources/queries/place.js";
import { arePossible, lookups, type Reference, refusedMember } from "../../resources/queries/reference.js";
import { isReplay, isSameRequest, usedKey } from "../../resources/queries/used-key.js";
import type { TaskMove } from "../shapes.js";
import { taskColumns } from "./columns.js";
import { changedFields, type JournalSource, newId, recordChanges } from "./journal.js";
import {
  changedFamily,
  currentFamily,
  placementColumns,
  placementConditions,
  placementReferences,
} from "./placement.js";
import { taskResource } from "./tasks.js";

const moved = z.intersection(
  taskResource.changed,
  movedMembers.extend({ refusedPlacement: z.string().nullable() }),
);

const rows = (time: "current" | "changed"): JournalSource => ({ relation: `${time}_family`, in: "tasks" });

/** The CTEs of a move, and its requirements besides the neighbours in `gap`. */
export function movedTask(
  target: Target,
  { after, before, ...placement }: TaskMove,
  key: IdempotencyKey | undefined,
): { ctes: SQL; requirements: Reference[] } {
  const references = placementReferences(target, placement);
  const requirements = [...references, ...placementConditions(placement)];
  const isPossible = sql`
    exists (select from current_row cross join gap
             where ${isExpected(target)} and refused_member is null and ${arePossible(requirements)})`;
  const canMove = sql`${isPossible} and not ${isReplay(key)}`;
  const patch = { ...placementColumns(placement), position: sql`(select place.position from place)` };
  return {
    requirements,
    ctes: sql`
    with ${lookups(references)} ${currentRow(tasks, target)},
    ${gap(tasks, target, { after, before })},
    ${key ? sql`${usedKey(key, target, isPossible)},` : sql``}
    ${currentFamily},
    ${placed(tasks, target, canMove, sql`${tasks.id} not in (select current_subtask.id from current_subtask)`)},
    new_place as (
      insert into task_changes (id, task_id, version, user_id, session_id, before)
      select ${newId}, id, version, ${target.userId}::uuid, ${target.sessionId}::uuid, jsonb_build_object('position', former)
        from moved_row
    ),
    ${changedRow(tasks, patch, canMove)},
    ${changedFamily(sql`coalesce((select ordered.position from ordered where ordered.id = tasks.id), tasks.position)`)},
    ${recordChanges(target.sessionId, rows("current"), rows("changed"))}`,
  };
}

/** Moves a task. A task that is already in its place keeps its version. Returns no row if the user has no such task. */
export function moveTaskRow(
  target: Target,
  move: TaskMove,
  key: IdempotencyKey | undefined,
): Query<z.output<typeof moved>> {
  const { ctes, requirements } = movedTask(target, move, key);
  return {
    name: "moveTask",
    statement: sql`
    ${ctes}
    select ${isReplay(key)} or ${isExpected(target)} as "isApplied",
           case when not ${isReplay(key)} then refused_member end as "refusedMember",
           case when not ${isReplay(key)} then ${refusedMember(requirements)} end as "refusedPlacement",
           coalesce((select ${jsonObject(taskColumns, "changed_row")} from changed_row),
                    ${jsonObject(taskColumns, "current_row")}) as resource,
           ${changedFields(target, { relation: "current_row", in: "tasks" })} as "changedFields",
           ${isReplay(key)} as "isReplay", ${isSameRequest(key)} as "isSameRequest"
      from current_row cross join gap`,
    rowSchema: moved,
  };
}
