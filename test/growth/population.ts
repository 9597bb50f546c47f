import { projectQuota } from "../../lib/projects/limits.js";
import { keptChanges, trashQuota } from "../../lib/tasks/limits.js";
import { tzdataVersion } from "../../lib/time/tzdata.js";
import { readCatalog } from "../db/catalog.js";
import { type ColumnValues, columnValues } from "../db/column-values.js";
import { insertSampleRows, isEssential } from "../db/sample-rows.js";
import type { Stack } from "../stack/stack.js";

type Sql = Stack["sql"];

/** Due or expired rows per table, the same number at every size. */
const backlog = 60;

/** One of 64 pronounceable words, in SQL. */
const word = (number: string) =>
  `(translate(to_char(${number}, 'FM00'), '01234567', 'karilone') || substr(md5((${number})::text), 1, 4))`;
const [firstName, lastName] = [word("n % 64"), word("n / 64 % 64")];
const email = `${firstName} || '.' || ${lastName} || '.' || to_hex(n) || '@example.com'`;

const dueDay = "current_date - 365 + (n::bigint * 7919 % 410)::int";

/** Searchable names, and rows that are neither open nor due. */
const values: ColumnValues = {
  ...columnValues,
  "users.name": `initcap(${firstName}) || ' ' || initcap(${lastName})`,
  "users.email": email,
  "users.email_key": email,
  "users.context_tags": "'{a,b}'",
  "registrations.email": email,
  "registrations.email_key": email,
  "registrations.context_tags": "'{a,b}'",
  // Half of the sign-ups are confirmed.
  "registrations.user_id": `case when n % 2 = 0 then (select id from users where users.email_key = ${email}) end`,
  "registrations.expires_at": "now() + interval '1 hour'",
  "sessions.epoch": "0",
  "sessions.idle_expires_at": "now() + interval '1 day' + make_interval(secs => n / 50.0)",
  "links.expires_at": "now() + interval '1 hour'",
  "links.used_at": "now()",
  "outbox.recipient": email,
  "outbox.expires_at": "now() + interval '1 hour'",
  "outbox.sent_at": "now()",
  "suppressions.expires_at": "now() + interval '30 days'",
  "idempotency_keys.created_at": "now() - interval '1 hour' - make_interval(secs => n / 50.0)",
  "throttle.tat": "now() + interval '2 hours'",
  "tasks.title": `'Water ' || ${firstName} || ' ' || ${lastName}`,
  // A third of the tasks is due on a day, a third at a time, from a year ago until six weeks from now. So a hundred
  // thousand tasks have fewer upcoming ones than an account may have tasks.
  "tasks.due_date": `case when n % 3 > 0 then ${dueDay} end`,
  "tasks.due_time": "case when n % 3 = 2 then make_interval(mins => n % 1440)::time end",
  "tasks.due_time_zone": "case when n % 3 = 2 then 'UTC' end",
  "tasks.due_at": `case when n % 3 = 2 then (${dueDay} + make_interval(mins => n % 1440)) at time zone 'UTC' end`,
  "tasks.due_rules": `case when n % 3 = 2 then '${tzdataVersion()}' end`,
  "tombstones.seq": "n",
  // A tenth of the tasks has one label, and a hundred of the owner of many share another.
  "labels.name": "case n when 1 then 'Popular' else 'Label ' || n end",
  "labels.name_key": "case n when 1 then 'popular' else 'label ' || n end",
  "tasks.labels":
    "array_remove(array[case when n % 10 = 0 then 'Popular' end, 'Label ' || n / 100 * 100 + 1], null)",
  "tasks.updated_at": "now() - make_interval(secs => (n::bigint * 7919 % 1000000)::int)",
};

/** The first user has no more rows than an account may have in these tables. */
const quotas: Record<string, number> = {
  projects: projectQuota,
  task_changes: keptChanges,
  trashed_tasks: trashQuota,
};

/**
 * Fills a new database with `count` users and one row per user in every other table; one user in fifty has a second task.
 * The first user also owns a tenth of `count` more rows, at least 400, in every table whose lists are paged by owner.
 * @returns the problems of `insertSampleRows`
 */
export async function populate(sql: Sql, count: number): Promise<string[]> {
  const tables = (await readCatalog(sql)).filter(({ name }) => name !== "email_budget");
  const many = Math.max(400, count / 10);
  const startAt = new Date(Date.now() - (count + many + 600) * 1_000);
  const rows = { startAt, values, isFilled: isEssential(values) };
  // Events outlive accounts, so they have no foreign key by which to find them. Synchronization pages through tombstones.
  const pagedNames = [...(await tablesPagedByOwner(sql)), "admin_events", "tombstones"];
  const paged = tables.filter(({ name }) => pagedNames.includes(name));
  const expiries = await expiryColumns(sql);
  const problems: string[] = [];
  await withoutIndexes(sql, async () => {
    problems.push(...(await insertSampleRows(sql, tables, { ...rows, first: 1, last: count })));
    for (const table of paged) {
      const last = count + Math.min(many, quotas[table.name] ?? many);
      await insertSampleRows(sql, [table], { ...rows, first: count + 1, last, parentRow: "1" });
    }
    // Users do not make it grow: it holds the buckets of two days.
    await sql(`insert into email_budget (starts_at, admitted)
               select now() - n * interval '10 minutes', 1 from generate_series(1, 288) as n`);
    for (const { table, key, column } of expiries) {
      await updateAnyway(
        sql,
        table,
        `${column} = now() - interval '500 days'
          where ${key} in (select ${key} from ${table} order by ${key} limit ${backlog})`,
      );
    }
    // The first user is a busy admin, and was changed often.
    const owner = await ownerOfMany(sql);
    await updateAnyway(sql, "admin_events", `actor_id = '${owner}'`);
    await updateAnyway(
      sql,
      "admin_events",
      `target_id = '${owner}' where id in (select id from admin_events order by id desc limit ${many})`,
    );
    // It has a project with some tasks, and a task with some subtasks. Row 1 has its id in every table.
    const some = (offset: number) =>
      `where id in (select id from tasks where user_id = '${owner}' order by id offset ${offset} limit 100)`;
    await updateAnyway(sql, "tasks", `project_id = '${owner}' ${some(1)}`);
    await updateAnyway(sql, "tasks", `parent_id = '${owner}' ${some(101)}`);
    // The numbers of its tombstones are those of earlier changes.
    await sql(
      "update sync_heads set seq = (select max(seq) from tombstones where user_id = $1) where user_id = $1",
      [owner],
    );
    // Its changes are the latest ones, which its history keeps.
    await updateAnyway(
      sql,
      "task_changes",
      `seq = latest.seq
         from (select id, (select seq from sync_heads where user_id = '${owner}') + 1 - row_number() over (order by id desc) as seq
                 from task_changes where user_id = '${owner}') as latest
        where task_changes.id = latest.id`,
    );
    // Rows that no statement changes lie in the order of their ids, which these updates have undone.
    await sql("cluster admin_events using admin_events_pkey");
    await sql(`update outbox set sent_at = null, due_at = now() - interval '1 minute'
                where id in (select id from outbox order by id desc limit ${backlog})`);
    await sql(`update outbox set sent_at = null, dead_at = now()
                where id in (select id from outbox order by id limit ${backlog})`);
    // Not the newest ones: an update moves a row to another page, and lists read the newest together.
    await sql(`update users set banned_at = now() - interval '2 days', banned_until = now() - interval '1 day'
                where id in (select id from users order by id offset 1 limit ${backlog})`);
  });
  const vacuum = async () => {
    for (const { name } of [...tables, { name: "email_budget" }]) await sql(`vacuum (analyze) "${name}"`);
  };
  await vacuum();
  // Small rows fill the pages that still have room, so that the thousands of tasks that a case inserts lie together. Their
  // ids come before all others.
  await sql(`insert into tasks (id, user_id, title, status)
             select uuidv7(interval '-1 year'), id, 'Task', 'todo' from users order by id desc limit ${count / 50}`);
  await vacuum();
  return problems;
}

/** Updates rows of any table, also of one whose triggers refuse it. */
const updateAnyway = (sql: Sql, table: string, change: string) =>
  sql(
    `alter table ${table} disable trigger user; update ${table} set ${change}; alter table ${table} enable trigger user`,
  );

/** Sets indexes and foreign keys aside while `fill` runs: a bulk insert without them is several times faster. */
async function withoutIndexes(sql: Sql, fill: () => Promise<void>): Promise<void> {
  const constraints = await sql(
    `select conrelid::regclass::text as "table", quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
       from pg_constraint where connamespace = 'public'::regnamespace and contype = 'f'`,
  );
  const indexes = await sql(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
       from pg_index join pg_class on pg_class.oid = indexrelid
      where relnamespace = 'public'::regnamespace and not indisunique`,
  );
  await sql(
    [
      ...constraints.map((c) => `alter table ${c["table"]} drop constraint ${c["name"]}`),
      ...indexes.map((index) => `drop index ${index["name"]}`),
    ].join(";\n"),
  );
  await fill();
  await sql(
    [
      "set maintenance_work_mem = '256MB'",
      ...indexes.map((index) => index["definition"]),
      ...constraints.map((c) => `alter table ${c["table"]} add constraint ${c["name"]} ${c["definition"]}`),
      "reset maintenance_work_mem",
    ].join(";\n"),
  );
}

/** The tables with an index on owner and key, which lists of one owner's rows page through. */
async function tablesPagedByOwner(sql: Sql): Promise<string[]> {
  const found = await sql(
    `select distinct i.indrelid::regclass::text as name
       from pg_index i
       join pg_constraint owner on owner.conrelid = i.indrelid and owner.contype = 'f'
                               and owner.conkey = array[i.indkey[0]]
       join pg_constraint key on key.conrelid = i.indrelid and key.contype = 'p' and key.conkey = array[i.indkey[1]]
      where i.indnkeyatts = 2 and owner.connamespace = 'public'::regnamespace`,
  );
  return found.map(({ name }) => String(name));
}

/** The columns by which the purge finds expired rows: times that have a full index to themselves. */
async function expiryColumns(sql: Sql): Promise<{ table: string; key: string; column: string }[]> {
  const found = await sql(
    `select i.indrelid::regclass::text as "table", a.attname as "column", k.attname as key
       from pg_index i
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       join pg_index p on p.indrelid = i.indrelid and p.indisprimary
       join pg_attribute k on k.attrelid = p.indrelid and k.attnum = p.indkey[p.indnkeyatts - 1]
      where i.indnkeyatts = 1 and i.indpred is null and not i.indisprimary and a.atttypid = 'timestamptz'::regtype
        and i.indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)`,
  );
  return found.map((row) => ({
    table: String(row["table"]),
    key: String(row["key"]),
    column: String(row["column"]),
  }));
}

/** The first user, who owns many rows. */
export async function ownerOfMany(sql: Sql): Promise<string> {
  const [row] = await sql("select id from users order by id limit 1");
  return String(row?.["id"]);
}
