// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is the text of sources.
import type { Sabotages } from "./mutant.js";

/** Of tasks, and of what lists share. */
export const tasks: Sabotages = {
  "lib/tasks/queries.ts": [
    {
      name: "a list shows the tasks of everybody",
      find: "where user_id = ${userId}::uuid\n       ${status",
      replace: "where true\n       ${status",
      tests: ["api/tasks/isolation"],
    },
    {
      name: "anybody reads any task",
      find: "where id = ${id}::uuid and user_id = ${userId}::uuid`,",
      replace: "where id = ${id}::uuid`,",
      tests: ["api/tasks/isolation"],
    },
    {
      name: "anybody changes and deletes any task",
      find: "where id = ${id}::uuid and user_id = ${userId}::uuid for no key update",
      replace: "where id = ${id}::uuid for no key update",
      tests: ["api/tasks/isolation"],
    },
    {
      name: "changes at once are lost in each other",
      find: "and user_id = ${userId}::uuid for no key update",
      replace: "and user_id = ${userId}::uuid",
      tests: ["api/tasks/conditions"],
    },
    {
      name: "an idempotency key answers any request",
      find: 'k.request_hash = ${key.requestHash} as "isSameRequest"',
      replace: 'true as "isSameRequest"',
      tests: ["api/tasks/idempotency"],
    },
    {
      name: "an idempotency key is kept for ever",
      find: "k.created_at <= now() - make_interval(hours => ${idempotencyHours})",
      replace: "false",
      tests: ["api/tasks/idempotency"],
    },
    {
      name: "a repeated request makes a task again",
      find: "from k where k.task_id = ${t.id}::uuid`",
      replace: "from k`",
      tests: ["api/tasks/idempotency"],
    },
    {
      name: "If-Match is ignored",
      find: "(${versions === null}::boolean or c.version",
      replace: "(true or ${versions === null}::boolean or c.version",
      tests: ["api/tasks/conditions"],
    },
    {
      name: "a change keeps the version",
      find: "version = tasks.version + 1",
      replace: "version = tasks.version",
      tests: ["api/tasks/conditions"],
    },
  ],
  "lib/tasks/idempotency.ts": [
    {
      name: "one user's idempotency key meets that of another",
      find: "id: digest(userId, key)",
      replace: "id: digest(key)",
      tests: ["api/tasks/idempotency"],
    },
    {
      name: "a request with another status is the same request",
      find: "digest(title, description, status)",
      replace: "digest(title, description)",
      tests: ["api/tasks/idempotency"],
    },
  ],
  "lib/tasks/contract.ts": [
    {
      name: "a task may carry members that nobody knows",
      find: "body: z.strictObject({\n    title,\n",
      replace: "body: z.object({\n    title,\n",
      tests: ["api/tasks/input"],
    },
  ],
  "lib/http/etag.ts": [
    {
      name: "the ETag of a task is weak",
      find: '`"${version}"`',
      replace: '`W/"${version}"`',
      tests: ["api/tasks/lifecycle"],
    },
    {
      name: "If-Match accepts a weak tag",
      find: "!match[1] && ",
      replace: "",
      tests: ["api/tasks/conditions"],
    },
  ],
  "lib/cursor.ts": [
    {
      name: "a cursor goes on in another list, for another user, with another filter",
      find: 'mac(key, payload, ...scope.map((part) => (part === undefined ? "-" : `+${part}`)))',
      replace: "mac(key, payload, String(scope.length))",
      tests: ["api/tasks/cursor"],
    },
  ],
  "lib/page.ts": [
    {
      name: "a page may be as large as the caller likes",
      find: "Math.min(Math.max(Number(value), 1), maxLimit)",
      replace: "Math.max(Number(value), Math.min(1, maxLimit))",
      tests: ["api/tasks/list"],
    },
  ],
  "lib/text.ts": [
    {
      name: "the database's zone is taken for UTC",
      find: "${hours}:${minutes}`",
      replace: "Z`",
      tests: ["lib/text"],
    },
    {
      name: "text with NUL, which the database refuses, is accepted",
      find: '!value.includes("\\0") && ',
      replace: "",
      tests: ["api/tasks/input"],
    },
  ],
};
