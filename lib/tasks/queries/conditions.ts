import { type SQL, sql } from "drizzle-orm";
import { dueOrder } from "../../../db/schema/tasks.js";
import { hasLabels } from "../../labels/queries/condition.js";
import { escapeLike } from "../../resources/queries/like.js";
import { type TaskFilter, wordsOf } from "../list-query.js";

/** The wall time of a task, for ranges that an index finds. A task without a due date has infinity. */
const wallTime = sql.raw(dueOrder.earliestFirst);
/** The same for the descending index, where a task without a due date has minus infinity. */
const latestWallTime = sql.raw(dueOrder.latestFirst);

/** Wall times of one instant differ by up to 26 hours between time zones, so by two days of the calendar. */
const maxDaysApart = 2;

/**
 * The days of `userId`, or of the time zone in the request. Postgres reads CET, EET, MET and WET as fixed offsets, so their
 * days begin an hour late in summer.
 */
function calendar(userId: string, tz: string | undefined) {
  const zone = sql`coalesce(${tz ?? null}::text, (select time_zone from users where id = ${userId}::uuid), 'UTC')`;
  return {
    today: sql`(select (now() at time zone ${zone})::date)`,
    /** The day on which a task is due. One with a time may be due on another day than its date says. */
    dueDay: sql`coalesce((due_at at time zone (select ${zone}))::date, due_date)`,
  };
}

type Calendar = ReturnType<typeof calendar>;

const before = ({ dueDay }: Calendar, day: SQL): SQL =>
  sql`${wallTime} < ${day} + ${maxDaysApart}::int and ${dueDay} < ${day}`;
const after = ({ dueDay }: Calendar, day: SQL): SQL =>
  sql`${wallTime} > ${day} - ${maxDaysApart}::int and ${wallTime} < 'infinity' and ${dueDay} > ${day}`;

const dueConditions: Record<NonNullable<TaskFilter["due"]>, (days: Calendar) => SQL> = {
  today: ({ today, dueDay }) =>
    sql`${wallTime} between ${today} - ${maxDaysApart}::int and ${today} + ${maxDaysApart + 1}::int and ${dueDay} = ${today}`,
  overdue: ({ today }) =>
    sql`${wallTime} < ${today} + ${maxDaysApart + 1}::int and status <> 'done'
        and case when due_time is null then due_date < ${today} else due_at < now() end`,
  upcoming: (days) => after(days, days.today),
  none: () => sql`due_date is null and ${wallTime} = 'infinity' and ${latestWallTime} = '-infinity'`,
};

/** Completing a task also sets `updated_at`, which has an index. */
const completedLater = (time: SQL): SQL => sql`completed_at > ${time} and updated_at > ${time}`;

/** Whether the text of a task contains each word of `q`. */
function contains(userId: string, q: string): SQL {
  const words = wordsOf(q).map((word) => sql`content like lower(${`%${escapeLike(word)}%`})`);
  return sql`id in (select task_id from task_texts where user_id = ${userId}::uuid and ${sql.join(words, sql` and `)})`;
}

/** The conditions of a list, which must all hold. */
export function conditionsOf(userId: string, filter: TaskFilter): SQL[] {
  const { status, priority, due, dueBefore, dueAfter, tz, completedAfter, q, label, project, parent } =
    filter;
  const days = calendar(userId, tz);
  const day = (value: string) => sql`${value}::date`;
  return [
    ...(status ? [sql`status = ${status}`] : []),
    ...(priority ? [sql`priority = ${priority}::smallint`] : []),
    ...(due ? [dueConditions[due](days)] : []),
    ...(dueBefore ? [before(days, day(dueBefore))] : []),
    ...(dueAfter ? [after(days, day(dueAfter))] : []),
    ...(completedAfter ? [completedLater(sql`${completedAfter}::timestamptz`)] : []),
    ...(q ? [contains(userId, q)] : []),
    ...(project ? [project === "inbox" ? sql`project_id is null` : sql`project_id = ${project}::uuid`] : []),
    ...(parent ? [parent === "none" ? sql`parent_id is null` : sql`parent_id = ${parent}::uuid`] : []),
    ...(label ? [hasLabels(userId, label)] : []),
  ];
}
