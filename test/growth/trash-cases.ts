import { uuidv7 } from "uuidv7";
import { taskQuota, trashQuota } from "../../lib/tasks/limits.js";
import { maxSearchedRows } from "./excessive-reads.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import {
  afterSql,
  combine,
  type RequestChange,
  secondPage,
  withHeader,
  withQuery,
} from "./request-changes.js";

const withFullTrash = afterSql(
  `insert into trashed_tasks (id, user_id, title, status, deleted_at)
   select uuidv7(), $1, 'Task', 'todo', now() - make_interval(secs => n) from generate_series(1, ${trashQuota}) as n`,
);

/** Fills the quota except for one task. */
const withOnePlaceLeft = afterSql(
  `insert into tasks (id, user_id, title, status)
   select uuidv7(), $1, 'Task', 'todo'
     from generate_series(1, ${taskQuota - 1} - (select count(*)::int from tasks where user_id = $1))`,
);

const toNewTask: RequestChange = (request) => ({ ...request, path: `/api/tasks/${uuidv7()}` });
const withKey = withHeader("idempotency-key", uuidv7());

const versions = 4_000;

/** One member changes with each version, another one only with the first. */
const withManyVersions: RequestChange = async (request, { sql }) => {
  const [, , , id] = request.path.split("/");
  await sql(
    `insert into task_changes (id, task_id, version, user_id, before)
     select uuidv7(), $1, n, $2, jsonb_build_object('title', n::text) || case when n = 2 then '{"priority": 0}' else '{}' end::jsonb
       from generate_series(2, $3::int) as n`,
    [id, request.person?.id, versions],
  );
  return request;
};

const [deleteTask, restoreTask, putTask, emptyTrash, history] = [
  operationById("deleteTask"),
  operationById("restoreTask"),
  operationById("putTask"),
  operationById("emptyTrash"),
  operationById("listTaskRevisions"),
];

/** Counting rows is the price of an exact quota. PUT also looks for the id. */
const quotaCases: readonly Case[] = [
  requestCase(putTask, "the last one", combine(withOnePlaceLeft, toNewTask), { status: 201 }),
  requestCase(restoreTask, "the last one", withOnePlaceLeft),
  requestCase(restoreTask, "the last one, with a key", combine(withOnePlaceLeft, withKey)),
].map((example) => ({ ...example, maxRows: taskQuota + 50 }));

/** The oldest tasks of a full trash are found from its newest one. Emptying it reads each task twice. */
const fullTrashCases: readonly Case[] = [
  { ...requestCase(deleteTask, "with a full trash", withFullTrash), maxRows: trashQuota + 10 },
  { ...requestCase(emptyTrash, "a full one", withFullTrash), maxRows: 2 * trashQuota },
];

/** An old change of a member is followed to the next one of the same member, if there is one. */
const historyCases: readonly Case[] = [
  requestCase(history, "of many versions", withManyVersions),
  requestCase(history, "of many versions, second page", combine(withManyVersions, secondPage)),
  requestCase(history, "of many versions, first change", async (request, stack) => {
    let prepared = await combine(withManyVersions, withQuery("limit=200"))(request, stack);
    for (let page = 200; page < versions; page += 200) {
      const { json } = await prepared.client.get(prepared.path, prepared.options);
      const [path] = prepared.path.split("?");
      if (json.nextCursor) prepared = { ...prepared, path: `${path}?limit=200&cursor=${json.nextCursor}` };
    }
    return prepared;
  }),
].map((example) => ({ ...example, maxRows: maxSearchedRows }));

export const trashCases: readonly Case[] = [
  requestCase(putTask, "a new one", toNewTask, { status: 201 }),
  ...quotaCases,
  ...fullTrashCases,
  ...historyCases,
];
