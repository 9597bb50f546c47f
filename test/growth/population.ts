import type { Stack } from "../stack/stack.js";

type Sql = Stack["sql"];

/** So many rows in a table or index are past their time, or wait, however large the database is. */
const waiting = 60;

/** Of each user one row in every table; among them one who owns a tenth of all tasks. */
const rows = (count: number): string[] => [
  `insert into users (id, email, email_key, name, password_hash, context_tags, email_verified_at, created_at)
   select uuidv7(age), email, lower(email), name, 'no hash', '{a,b}', now() + age, now() + age
     from (select n, make_interval(secs => n - ${count} - 600) as age,
                  initcap(word[1 + n % 64]) || ' ' || initcap(word[1 + n / 64 % 64]) as name,
                  word[1 + n % 64] || '.' || word[1 + n / 64 % 64] || '.' || to_hex(n) || '@example.com' as email
             from generate_series(1, ${count}) as n,
                  (select array_agg(translate(to_char(i, 'FM00'), '01234567', 'karilone') || substr(md5(i::text), 1, 4))
                     from generate_series(0, 63) as i) as words (word)) as person`,
  `insert into sessions (id, user_id, epoch, created_at, idle_expires_at, expires_at)
   select uuidv7(created_at - now()), id, 0, created_at,
          now() + interval '1 day' + (created_at - now()) / 50, now() + interval '9 days' from users`,
  `insert into links (id, user_id, purpose, created_at, expires_at, used_at)
   select uuidv7(created_at - now()), id, 'verify-email', created_at, now() + interval '1 hour', now() from users`,
  `insert into outbox (id, kind, user_id, recipient, created_at, due_at, expires_at, sent_at)
   select uuidv7(created_at - now()), 'already-registered', id, email, created_at, created_at,
          now() + interval '1 hour', now() from users`,
  `insert into security_events (id, user_id, kind, created_at)
   select uuidv7(created_at - now()), id, 'login', created_at from users`,
  `insert into throttle (key, tat, allowed)
   select md5(id::text), now() + interval '2 hours', true from users`,
  `insert into tasks (id, user_id, title, status, created_at)
   select uuidv7(created_at - now()), id, 'Water the plants',
          (array['todo', 'in_progress', 'done'])[1 + floor(3 * random())::int], created_at from users`,
  `insert into tasks (id, user_id, title, status)
   select uuidv7(make_interval(secs => -n)), (select id from users order by id limit 1), 'One of many',
          (array['todo', 'in_progress', 'done'])[1 + n % 3] from generate_series(1, ${Math.max(200, count / 10)}) as n`,
  `insert into idempotency_keys (id, user_id, request_hash, task_id)
   select md5(id::text), id, 'a hash', id from users`,
];

const oldest = (table: string, key = "id") =>
  `where ${key} in (select ${key} from ${table} order by ${key} limit ${waiting})`;

/** What one run of the cron clears away, and the mails that it finds due. */
const pastTheirTime = [
  `update sessions set idle_expires_at = now() - interval '8 days' ${oldest("sessions")}`,
  `update links set expires_at = now() - interval '8 days' ${oldest("links")}`,
  `update outbox set expires_at = now() - interval '8 days' ${oldest("outbox")}`,
  `update throttle set tat = now() - interval '1 minute' ${oldest("throttle", "key")}`,
  `update idempotency_keys set created_at = now() - interval '2 days' ${oldest("idempotency_keys")}`,
  `update security_events set created_at = now() - interval '500 days' ${oldest("security_events")}`,
  `update outbox set sent_at = null, due_at = now() - interval '1 minute'
    where id in (select id from outbox order by id desc limit ${waiting})`,
];

/**
 * Fills a new database as it would look with so many users: each has a session, a task, a link, a mail, an event, a
 * budget and a key. Indexes and foreign keys are set aside meanwhile and come back as they were.
 */
export async function populate(sql: Sql, count: number): Promise<void> {
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
      "set maintenance_work_mem = '256MB'",
      ...constraints.map((c) => `alter table ${c["table"]} drop constraint ${c["name"]}`),
      ...indexes.map((index) => `drop index ${index["name"]}`),
      ...rows(count),
      ...pastTheirTime,
      ...indexes.map((index) => index["definition"]),
      ...constraints.map((c) => `alter table ${c["table"]} add constraint ${c["name"]} ${c["definition"]}`),
      "reset maintenance_work_mem",
    ].join(";\n"),
  );
  for (const table of await tablesThatGrow(sql)) await sql(`vacuum (analyze) ${table}`);
}

/** All of ours; what the migrations keep for themselves stands elsewhere. */
async function tablesThatGrow(sql: Sql): Promise<string[]> {
  const found = await sql("select relname as name from pg_stat_user_tables where schemaname = 'public'");
  return found.map(({ name }) => String(name));
}

export async function ownerOfMany(sql: Sql): Promise<string> {
  const [row] = await sql("select user_id from tasks where title = 'One of many' limit 1");
  return String(row?.["user_id"]);
}
