import { type SQL, sql } from "drizzle-orm";
import { columnNames } from "../../../db/columns.js";
import type { Access } from "../../../db/query.js";
import { tasks } from "../../../db/schema/tasks.js";
import { isExpected, type Target } from "../../resources/queries/change.js";
import { hasRoom, newRow } from "../../resources/queries/insert.js";
import {
  arePossible,
  insertedReferences,
  lookups,
  refusedMember,
} from "../../resources/queries/reference.js";
import { isUsedId } from "../../sync/queries/used-id.js";
import type { TaskOperation } from "../operations.js";
import type { NewTask } from "../shapes.js";
import { movedTask } from "./move.js";
import { newTaskRow, taskResource } from "./tasks.js";
import { movedToTrash } from "./trash.js";
import { type Step, selectUpdated, updatedTask } from "./update.js";

export type Caller = Pick<Access, "userId" | "sessionId">;

/** The CTEs of an operation, and the select of its `outcome` and `member`. It has no row if the user has no such task. */
type Statement = { ctes: SQL; result: SQL };

const targetOf = ({ userId, sessionId }: Caller, operation: TaskOperation): Target => ({
  userId,
  sessionId,
  id: operation.id,
  versions: "version" in operation && operation.version !== undefined ? [operation.version] : null,
});

async function create(target: Target, body: NewTask): Promise<Statement> {
  const { userId, id } = target;
  const { references, first, values } = await newTaskRow(target, body);
  const row = newRow(tasks, { userId, values }, sql`${id}::uuid`, { createdAt: sql`now()`, ...first });
  return {
    ctes: sql`
    with ${lookups(references)}
    creation as materialized (
      select case when ${isUsedId(sql`${target.id}::uuid`)} then 'exists'
                  when not (${arePossible(references)}) then 'refused'
                  when not ${hasRoom(taskResource, userId)} then 'full'
                  else 'applied' end as outcome
    ),
    new_row as (
      insert into tasks (${columnNames(tasks)})
      select ${row} from creation where creation.outcome = 'applied'
      returning id
    )
    ${insertedReferences(references, sql`exists (select from new_row)`)}`,
    result: sql`select creation.outcome, ${refusedMember(references)} as member from creation`,
  };
}

const update = async (...change: Parameters<typeof updatedTask>): Promise<Statement> => {
  const [target, body] = change;
  return {
    ctes: await updatedTask(...change),
    result: sql`
      select updated.outcome, updated."refusedMember" as member from (${selectUpdated(target, body)}) as updated`,
  };
};

function remove(target: Target): Statement {
  return {
    ctes: movedToTrash(target),
    result: sql`
      select case when ${isExpected(target)} then 'applied' else 'unexpected' end as outcome, null::text as member
        from current_row
      union all
      select 'applied', null from trashed_row`,
  };
}

function move(target: Target, places: Extract<TaskOperation, { op: "move" }>): Statement {
  const { op: _, id: __, version: ___, ...body } = places;
  const { ctes, requirements } = movedTask(target, body, undefined);
  const member = sql`coalesce(gap.refused_member, ${refusedMember(requirements)})`;
  return {
    ctes,
    result: sql`
      select case when not ${isExpected(target)} then 'unexpected'
                  when ${member} is not null then 'refused' else 'applied' end as outcome, ${member} as member
        from current_row cross join gap`,
  };
}

async function partsOf(target: Target, operation: TaskOperation, step: Step | null): Promise<Statement> {
  if (operation.op === "create") return create(target, operation.task);
  if (operation.op === "update") return update(target, operation.task, step);
  return operation.op === "delete" ? remove(target) : move(target, operation);
}

/** The statement of an operation. If the operation fails, the statement raises, which rolls the batch back. */
export async function operationStatement(
  caller: Caller,
  operation: TaskOperation,
  index: number,
  step: Step | null,
): Promise<SQL> {
  const { ctes, result } = await partsOf(targetOf(caller, operation), operation, step);
  return sql`${ctes}
    select require_operation(${index}::int, coalesce(result.outcome, 'not-found'),
                             case when result.outcome = 'refused' then result.member end)
      from (select) as always_one_row left join (${result}) as result on true`;
}
