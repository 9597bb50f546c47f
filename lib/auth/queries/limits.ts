import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import { labels } from "../../../db/schema/labels.js";
import { projects } from "../../../db/schema/projects.js";
import { sessions } from "../../../db/schema/sessions.js";
import { tasks } from "../../../db/schema/tasks.js";
import type { Keys } from "../../crypto/keys.js";
import { labelQuota } from "../../labels/limits.js";
import { projectQuota } from "../../projects/limits.js";
import { rowsOfOwner } from "../../resources/queries/quota.js";
import { rowSchemaOf } from "../../rows.js";
import { taskQuota } from "../../tasks/limits.js";
import { budgetLevel, quotaLevel } from "../contract/limits.js";
import { session } from "../limits.js";
import { reportedBudgets } from "../reported-budgets.js";
import { budgetArrays } from "../throttle.js";
import { liveOf } from "./own-sessions.js";

type Quota = { name: string; limit: number; rowsOf: (userId: string) => SQL };

const quotas: readonly Quota[] = [
  { name: "tasks", limit: taskQuota, rowsOf: (userId) => rowsOfOwner(tasks, userId) },
  { name: "projects", limit: projectQuota, rowsOf: (userId) => rowsOfOwner(projects, userId) },
  { name: "labels", limit: labelQuota, rowsOf: (userId) => rowsOfOwner(labels, userId) },
  {
    name: "sessions",
    limit: session.maxPerUser,
    rowsOf: (userId) => sql`select from ${sessions} where ${liveOf(userId)}`,
  },
];

/** Counts at most `limit` rows, so its cost is bounded. */
const quotaRow = ({ name, limit, rowsOf }: Quota, position: number, userId: string): SQL => sql`
  select ${position}::int as position, ${name}::text as name, ${limit}::int as "limit",
         (select count(*) from (${rowsOf(userId)} limit ${limit}::int) as counted)::int as used`;

const levels = z.object({
  budgets: z.array(rowSchemaOf(budgetLevel)),
  quotas: z.array(rowSchemaOf(quotaLevel)),
});
type Levels = z.output<typeof levels>;

/**
 * Selects the budgets and quotas of a user, with what remains of each. It reads the same clock as charges: within a
 * transaction, `now()` is earlier than a charge of the same request.
 */
export function selectLimits(keys: Keys, userId: string): Query<Levels> {
  const charges = reportedBudgets.map(({ budget }) => ({ budget, subject: userId }));
  const names = sql.param(charges.map(({ budget }) => budget.name));
  const quotaRows = quotas.map((quota, position) => quotaRow(quota, position, userId));
  return {
    name: "selectLimits",
    statement: sql`
    with moment as materialized (select clock_timestamp() as at),
    budget as (
      select budget.*, moment.at, (select tat from throttle where throttle.key = budget.key) as tat
        from unnest(${names}::text[], ${sql.join(budgetArrays(keys, charges), sql`, `)})
             with ordinality as budget (name, key, refill_seconds, burst, position)
       cross join moment
    ),
    quota as (${sql.join(quotaRows, sql` union all `)})
    select (select jsonb_agg(jsonb_build_object(
              'name', name, 'limit', burst, 'remaining', budget_room(tat, at, refill_seconds, burst),
              'refillSeconds', refill_seconds, 'fullAt', case when tat > at then tat end) order by position)
              from budget) as budgets,
           (select jsonb_agg(jsonb_build_object(
              'name', name, 'limit', "limit", 'used', used, 'remaining', "limit" - used) order by position)
              from quota) as quotas`,
    rowSchema: levels,
    isReadOnly: true,
  };
}
