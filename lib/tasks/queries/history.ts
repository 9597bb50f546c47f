import { sql } from "drizzle-orm";
import * as z from "zod";
import { jsonObject, type Selection } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { listedRow } from "../../pagination.js";
import { onePage } from "../../resources/queries/page.js";
import type { Page } from "../../resources/queries/select.js";
import { rowSchemaOf } from "../../rows.js";
import { taskRevision } from "../revision.js";
import { recordedOf } from "./journal.js";
import { isExpired } from "./purge.js";

const revision = rowSchemaOf(taskRevision.extend({ id: z.uuid() }));
const history = z.object({ isFound: z.boolean(), rows: z.array(listedRow(revision)) });

const columns: Selection = {
  id: sql`id`,
  version: sql`version`,
  changedAt: sql`changed_at`,
  sessionId: sql`session_id`,
  // The value after a change is the one before the next change of the same member, or the current one.
  changes: sql`(
      select coalesce(jsonb_object_agg(former.key, jsonb_build_object('before', former.value, 'after', coalesce(
               (select later.before -> former.key from task_changes as later
                 where later.task_id = task_changes.task_id and later.version > task_changes.version and later.before ? former.key
                 order by later.version limit 1),
               now_task.members -> former.key))), '{}')
        from jsonb_each(task_changes.before) as former)`,
};

/** The changes of a task, newest first. */
export function selectHistory(id: string, { userId, after, limit }: Page): Query<z.output<typeof history>> {
  const own = sql`id = ${id}::uuid and user_id = ${userId}::uuid`;
  const page = onePage(
    columns,
    limit,
    (selected) => sql`
    select ${selected} from task_changes cross join now_task
     where task_id = ${id}::uuid ${after ? sql`and version < ${after.sortKey}::int` : sql``}`,
    { by: sql`sort_key desc`, key: sql`version` },
  );
  return {
    name: "selectHistory",
    statement: sql`
    with now_task as materialized (
      select ${jsonObject(recordedOf.tasks)} as members from tasks where ${own}
      union all
      select ${jsonObject(recordedOf.trash)} from trashed_tasks where ${own} and not ${isExpired}
    )
    select exists (select from now_task) as "isFound",
           coalesce((select jsonb_agg(to_jsonb(page)) from (${page}) as page), '[]') as rows`,
    rowSchema: history,
    isReadOnly: true,
  };
}
