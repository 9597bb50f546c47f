import { uuidv7 } from "uuidv7";
import type { Operation } from "../../../lib/contract.js";
import { labelQuota } from "../../../lib/labels/limits.js";
import { projectQuota } from "../../../lib/projects/limits.js";
import { taskQuota } from "../../../lib/tasks/limits.js";
import { createLabel, insertLabels } from "../labels/new-label.js";
import { insertProjects } from "../projects/new-project.js";
import { creation, type Operation as TaskOperation } from "../tasks/batches.js";
import { type CreatedTask, createTask } from "../tasks/new-task.js";
import {
  afterSql,
  altered,
  type Outcome,
  personOf,
  type Scenario,
  withMembers,
  withQuery,
} from "./alterations.js";
import { sendRequest, validRequest } from "./valid-requests.js";

const newTaskPath = (_: unknown, op: Operation) => ({ path: op.path.replace("{id}", uuidv7()) });

const fullList = `
  insert into tasks (id, user_id, title, status)
  select gen_random_uuid(), $1, 'Task', 'todo' from generate_series(1, ${taskQuota})`;

const withoutDue = withMembers({ due: null, recurrence: { rule: "FREQ=DAILY", from: "due" } });

const ofMissingProject = withMembers({ projectId: uuidv7() });
const afterMissing = withMembers({ after: uuidv7() });

/** Sends the request with a key, and then uses the same key for another task. */
const keyOfAnotherTask: Scenario = async (op, { stack }) => {
  const request = await validRequest(op, stack);
  const headers = { "idempotency-key": "one" };
  await sendRequest(op, request, { headers });
  const path = op.path.replace("/api/tasks/{id}", (await createTask(personOf(request))).path);
  return sendRequest(op, { ...request, path }, { headers });
};

/** Sends the request with a key, and then uses the same key with other members. */
const keyOfAnotherBody =
  (members: () => Record<string, unknown>): Scenario =>
  async (op, { stack }) => {
    const request = await validRequest(op, stack);
    const headers = { "idempotency-key": "one" };
    await sendRequest(op, request, { headers });
    const json = { ...(request.options.json as object), ...members() };
    return sendRequest(op, request, { headers, json });
  };

/** Replaces the operations of a batch. `operations` gets a task of its user. */
const withOperations = (operations: (task: CreatedTask["task"]) => TaskOperation[]) =>
  altered(async (request) => {
    const { task } = await createTask(personOf(request));
    return { options: { ...request.options, json: { operations: operations(task) } } };
  });

/** The scenarios of the operations on tasks, projects and labels, by operation id. */
export const taskScenarios: Record<string, Partial<Record<Outcome, Scenario>>> = {
  batchTasks: {
    "not-found": withOperations(() => [{ op: "delete", id: uuidv7() }]),
    "precondition-failed": withOperations(({ id }) => [{ op: "delete", id, version: 2 }]),
    "due-date-required": withOperations(() => [
      creation({ recurrence: { rule: "FREQ=DAILY", from: "due" } }),
    ]),
    "quota-exceeded": afterSql(fullList),
    "idempotency-key-reused": keyOfAnotherBody(() => ({ operations: [creation()] })),
    "invalid-reference": withOperations(() => [creation({ projectId: uuidv7() })]),
  },
  importTasks: {
    "invalid-reference": ofMissingProject,
    "idempotency-key-reused": keyOfAnotherBody(() => ({ content: "title\r\nAnother" })),
  },
  createTask: {
    "quota-exceeded": afterSql(fullList),
    "due-date-required": withoutDue,
    "invalid-reference": ofMissingProject,
  },
  patchTask: {
    "invalid-reference": ofMissingProject,
    "due-date-required": withoutDue,
    "quota-exceeded": altered(async (request, _, stack) => {
      await insertLabels(stack, personOf(request), labelQuota - 1);
      return { options: { ...request.options, json: { labels: ["One more"] } } };
    }),
  },
  createProject: {
    "quota-exceeded": altered(async (request, _, stack) => {
      await insertProjects(stack, personOf(request), projectQuota);
      return {};
    }),
  },
  deleteProject: {
    "project-not-empty": altered(async (request) => {
      await createTask(personOf(request), { projectId: request.path.split("/").at(-1) });
      return {};
    }),
  },
  moveProject: {
    "invalid-reference": afterMissing,
    "idempotency-key-reused": keyOfAnotherBody(() => ({ after: undefined })),
  },
  patchLabel: {
    "label-exists": altered(async (request) => {
      await createLabel(personOf(request), "Taken");
      return { options: { ...request.options, json: { name: "taken" } } };
    }),
  },
  putTask: {
    "invalid-reference": ofMissingProject,
    "due-date-required": withoutDue,
    201: altered(newTaskPath),
    "not-found": altered(async (request) => {
      await request.client.delete(request.path, { token: personOf(request).token });
      return {};
    }),
    "quota-exceeded": altered(async (request, op, stack) => {
      await stack.sql(fullList, [personOf(request).id]);
      return newTaskPath({}, op);
    }),
  },
  moveTask: { "idempotency-key-reused": keyOfAnotherTask, "invalid-reference": afterMissing },
  restoreTask: {
    "quota-exceeded": afterSql(fullList),
    "idempotency-key-reused": keyOfAnotherTask,
  },
  syncChanges: { "full-resync-required": withQuery("since=AAAA") },
};
