import { type SQL, sql } from "drizzle-orm";
import { type IdempotencyKey, idempotencyHours } from "../../http/idempotency.js";

type Owned = { id: string; userId: string };

/** The values of the first response that the request does not contain, as SQL. The key's row stores them for a replay. */
export type ReplayValues = { labels: SQL; position: SQL; projectId: SQL; outcomes?: SQL };

export const noReplayValues: ReplayValues = { labels: sql`null`, position: sql`null`, projectId: sql`null` };

/**
 * The CTE `used_key`: the row of a key, which the first request with it within the last day wrote. The upsert locks it, so
 * concurrent requests wait and then see the row that the first of them wrote. Empty if the key is new and `canRun` is false.
 */
export const usedKey = (
  key: IdempotencyKey,
  resource: Owned,
  canRun: SQL,
  { labels, position, projectId, outcomes = sql`null` }: ReplayValues = noReplayValues,
): SQL => {
  const isOutdated = sql`earlier.created_at <= now() - make_interval(hours => ${idempotencyHours})`;
  const isKnown = sql`exists (select from idempotency_keys as earlier where id = ${key.id} and not ${isOutdated})`;
  const replaceIfOutdated = (column: string) => {
    const columnName = sql.raw(column);
    return sql`${columnName} = case when ${isOutdated} then excluded.${columnName} else earlier.${columnName} end`;
  };
  const columns = ["task_id", "request_hash", "created_at", "labels", "position", "project_id", "outcomes"];
  return sql`
    used_key as (
      insert into idempotency_keys as earlier (id, user_id, request_hash, task_id, labels, position, project_id, outcomes)
      select ${key.id}, ${resource.userId}::uuid, ${key.requestHash}, ${resource.id}::uuid, ${labels}::text[], ${position}::text,
             ${projectId}::uuid, ${outcomes}::text[]
       where ${isKnown} or ${canRun}
      on conflict (id) do update set ${sql.join(columns.map(replaceIfOutdated), sql`, `)}
      returning task_id as resource_id, request_hash, created_at, labels as first_labels, position as first_position,
                project_id as first_project_id, outcomes as first_outcomes
    )`;
};

/** Whether an earlier request used the key. A row that this transaction wrote has its time, `now()`. */
export const isReplay = (key: IdempotencyKey | undefined): SQL =>
  key ? sql`exists (select from used_key where created_at <> now())` : sql`false`;

/** Whether the first request with the key had the same body. */
export const isSameRequest = (key: IdempotencyKey | undefined): SQL =>
  key ? sql`coalesce((select request_hash from used_key) = ${key.requestHash}, true)` : sql`true`;
