import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Allowance } from "../../../db/charge.js";
import { columnsFor, jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { dueOrder, tasks } from "../../../db/schema/tasks.js";
import { isBanned } from "../../auth/queries/ban.js";
import { rowSchemaOf } from "../../rows.js";
import { feedLimits } from "../../tasks/limits.js";
import { task } from "../../tasks/shapes.js";
import { calendarFormat } from "../calendar.js";
import type { FeedId } from "../token.js";

const publishedTask = task
  .pick({
    id: true,
    title: true,
    description: true,
    status: true,
    priority: true,
    dueAt: true,
    deadline: true,
    labels: true,
    version: true,
    createdAt: true,
    updatedAt: true,
  })
  .extend({ dueDate: task.shape.deadline });

const { descriptionCharacters } = feedLimits;

/** Postgres truncates long descriptions, so that Neon does not send them. */
const description = sql`
    case when char_length(tasks.description) <= ${descriptionCharacters}::int then tasks.description
         else left(tasks.description, ${descriptionCharacters - 1}::int) || '…' end`;

const columns = columnsFor(tasks, publishedTask.shape, { description, labels: sql`to_jsonb(tasks.labels)` });

const published = z.object({
  /** The entity tag, without quotes. */
  tag: z.string(),
  /** Null if the reader has sent this tag. */
  tasks: z.array(rowSchemaOf(publishedTask)).nullable(),
});

/**
 * Selects the open tasks of a feed, or null if `knownTags` has its tag; null `knownTags` match any tag. The tag contains the
 * number of the account's last change, read in the same snapshot as the tasks. Returns no row if the feed has ended.
 */
export const selectPublishedTasks = (
  { userId, id }: FeedId,
  knownTags: readonly string[] | null,
  allowance: Allowance,
): Query<z.output<typeof published>> => ({
  name: "selectPublishedTasks",
  statement: sql`
    with feed as materialized (
      select feeds.user_id, ${`${calendarFormat}-`}::text || coalesce(sync_heads.seq, 0) as tag
        from feeds join users on users.id = feeds.user_id and users.session_epoch = feeds.epoch
        left join sync_heads on sync_heads.user_id = feeds.user_id
       where feeds.user_id = ${userId}::uuid and feeds.id = ${id}::uuid
         and users.closed_at is null and not ${isBanned("users")}
    )
    select feed.tag,
           case when not (${knownTags === null}::boolean or feed.tag = any(${sql.param(knownTags ?? [])}::text[])) then (
             select coalesce(jsonb_agg(measured.task order by measured.place), '[]')
               from (
                 select candidate.task, row_number() over due_first as place,
                        sum(octet_length(candidate.task::text))
                          over (due_first rows between unbounded preceding and 1 preceding) as bytes_before
                   from (
                     select tasks.id, ${sql.raw(dueOrder.earliestFirst)} as due, ${jsonObject(columns)} as task
                       from tasks where tasks.user_id = feed.user_id and tasks.status <> 'done'
                      order by due, tasks.id limit ${feedLimits.tasks}::int
                   ) as candidate
                 window due_first as (order by candidate.due, candidate.id)
               ) as measured
              where coalesce(measured.bytes_before, 0) < ${feedLimits.bytes}::int
           ) end as tasks
      from feed`,
  rowSchema: published,
  isReadOnly: true,
  allowance,
});
