import { uuidv7 } from "uuidv7";
import { session } from "../../lib/auth/limits.js";
import { taskQuota } from "../../lib/tasks/limits.js";
import { type Case, operationById, requestCase } from "./request-case.js";
import { afterSql, combine, type RequestChange, withHeader } from "./request-changes.js";

const withOnePlaceLeft = afterSql(
  `insert into tasks (id, user_id, title, status)
   select uuidv7(), $1, 'Task', 'todo' from generate_series(1, ${taskQuota - 1})`,
);

const createTask = operationById("createTask");

const withAllSessions = afterSql(
  `insert into sessions (id, user_id, epoch, idle_expires_at, expires_at)
   select uuidv7(), $1, 0, now() + interval '1 day', now() + interval '2 days'
     from generate_series(1, ${session.maxPerUser - 2})`,
);

/** Requests about the sessions of a user with as many as allowed. */
export const sessionCases: readonly Case[] = ["listSessions", "deleteSession", "deleteSessions"].map((id) =>
  requestCase(operationById(id), "with every session allowed", withAllSessions),
);

const ofUserWithAllSessions: RequestChange = async (request, { sql }) => {
  await sql(
    `insert into sessions (id, user_id, epoch, idle_expires_at, expires_at)
     select uuidv7(), $1, 0, now() + interval '1 day', now() + interval '2 days'
       from generate_series(1, ${session.maxPerUser - 2})`,
    [request.path.split("/")[4]],
  );
  return request;
};

/** Requests of an admin about such a user. */
export const adminSessionCases: readonly Case[] = ["listUserSessions", "endUserSessions"].map((id) =>
  requestCase(operationById(id), "with every session allowed", ofUserWithAllSessions),
);

const countingAllRows = { maxRows: taskQuota + 1 };

/** In a large table, the new rows lie wherever a page has room, so counting them may read many pages. */
export const limitsCase: Case = {
  ...requestCase(
    operationById("readLimits"),
    "with nearly every task and session allowed",
    combine(withOnePlaceLeft, withAllSessions),
  ),
  ...countingAllRows,
};

/**
 * Requests of users who have nearly used up their quota. Counting their rows is the price of an exact quota, and a new task
 * reads the last position.
 */
export const quotaCases: readonly Case[] = [
  requestCase(createTask, "the last one", withOnePlaceLeft),
  requestCase(
    createTask,
    "the last one, with a key",
    combine(withOnePlaceLeft, withHeader("idempotency-key", uuidv7())),
  ),
].map((example) => ({ ...example, ...countingAllRows }));
