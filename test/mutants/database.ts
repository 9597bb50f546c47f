import type { Sabotages } from "./mutant.js";

/** Of `db/`: the way to the database, migrations, and the functions that live in it. */
export const database: Sabotages = {
  "db/client.ts": [
    {
      name: "an instance lets in as many queries as come",
      find: "takingTurns({ atOnce: 128,",
      replace: "takingTurns({ atOnce: 100_000,",
      tests: ["api/faults/overload"],
    },
    {
      name: "the wait for a turn does not count towards the deadline",
      find: "const client = connected();",
      replace: "const client = connect(url, { atMs: performance.now() + deadlineMs });",
      tests: ["api/faults/overload"],
    },
    {
      name: "a guarded query runs without the check of its session",
      find: "return await client.transaction([...guards, query.statement]);",
      replace: "return await client.run(query.statement);",
      tests: ["api/auth/logout"],
    },
    {
      name: "a guarded read runs without the check of its session",
      find: "return foundRows(await client.run(guardedRead(access, query.statement)));",
      replace: "return await client.run(query.statement);",
      tests: ["api/auth/logout"],
    },
    {
      name: "that there is nothing to read is taken for a row",
      find: "rows.filter(({ isFound }) => isFound !== null)",
      replace: "rows",
      tests: ["api/tasks/list"],
    },
    {
      name: "an answer without the guard's row is taken for nothing to read",
      find: 'if (rows.length === 0) throw new Error("the guard has yielded no row");',
      replace: "",
      tests: ["api/faults/nonsense"],
    },
    {
      name: "changes by admins do not queue up",
      find: "[requireSession(access), adminLock, requireSession(access)]",
      replace: "[requireSession(access), requireSession(access)]",
      tests: ["api/admin/last-admin"],
    },
    {
      name: "an admin's role is not looked at again behind the lock",
      find: "[requireSession(access), adminLock, requireSession(access)]",
      replace: "[requireSession(access), adminLock]",
      tests: ["api/admin/last-admin"],
    },
    {
      name: "who is no admin waits in the queue of admins",
      find: "[requireSession(access), adminLock, requireSession(access)]",
      replace: "[adminLock, requireSession(access)]",
      tests: ["api/admin/access"],
    },
    {
      name: "of two rows where there must be one, the first is believed",
      find: "if (row === undefined || more.length > 0)",
      replace: "if (row === undefined)",
      tests: ["api/faults/nonsense"],
    },
  ],
  "db/driver.ts": [
    {
      name: "the database may take for ever over a statement",
      find: "{ types, fetchOptions }",
      replace: "{ types }",
      tests: ["api/faults/deadline"],
    },
    {
      name: "the database may take for ever over several statements",
      find: "statements.map(prepare), { fetchOptions })",
      replace: "statements.map(prepare))",
      tests: ["api/faults/deadline"],
    },
  ],
  "db/post.ts": [
    {
      name: "what is past its deadline is sent all the same",
      find: "if (leftMs !== undefined && leftMs <= 0) return reject(tooLate());",
      replace: "",
      tests: ["db/post"],
    },
  ],
  "db/turns.ts": [
    {
      name: "any number may wait for a turn",
      find: "places.pendingCount >= waiting || ",
      replace: "",
      tests: ["db/turns", "auth/passwords"],
    },
    {
      name: "what is late is not told before a place is free",
      find: "        reject(refusal());\n      }, waitMs);",
      replace: "      }, waitMs);",
      tests: ["db/turns", "auth/passwords", "api/faults/overload"],
    },
    {
      name: "who has been sent away is served all the same",
      find: "if (hasLeft) return;",
      replace: "",
      tests: ["db/turns"],
    },
    {
      name: "who has got a place in time is sent away",
      find: "        clearTimeout(leaving);\n",
      replace: "",
      tests: ["db/turns"],
    },
  ],
  "db/fault.ts": [
    {
      name: "a write is tried again after any fault",
      find: "return reads || (fault.sqlState !== undefined && ranNothing.has(fault.sqlState));",
      replace: "return true;",
      tests: ["api/faults/retry"],
    },
    {
      name: "what ran into the deadline is tried again",
      find: 'if (fault.kind === "timeout" || fault.kind === "busy") return false;',
      replace: "",
      tests: ["db/fault"],
    },
    {
      name: "a database that fails is taken for a session that has ended",
      find: 'return new DatabaseFault("failed", query, error.code);',
      replace: 'return new GuardRefusal("session-ended");',
      tests: ["api/faults/unavailable"],
    },
    {
      name: "an answer that makes no sense is taken for a session that has ended",
      find: "if (!(error instanceof NeonDbError)) return",
      replace:
        'if (!(error instanceof NeonDbError)) return new GuardRefusal("session-ended");\n  if (!error) return',
      tests: ["api/faults/nonsense"],
    },
    {
      name: "the database's message, which quotes values, reaches the log",
      find: 'return new DatabaseFault("failed", query, error.code);',
      replace: 'return new DatabaseFault("failed", error.message, error.code);',
      tests: ["api/operations/secrets"],
    },
  ],
  "db/migrate.ts": [
    {
      name: "migrations take no lock",
      find: "sql.query(lock),",
      replace: "",
      tests: ["db/migrate"],
    },
    {
      name: "an applied migration may be rewritten",
      find: "if (changed !== -1) {",
      replace: "if (changed === -2) {",
      tests: ["db/migrate"],
    },
  ],
  "db/schema.ts": [
    {
      name: "the schema lets two accounts have one address",
      find: 'text("email_key").notNull().unique()',
      replace: 'text("email_key").notNull()',
      tests: ["db/schema"],
    },
  ],
  "db/migrations/0001_tables.sql": [
    {
      name: "idempotency keys outlive their user, who then cannot be deleted",
      find: 'ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade',
      replace:
        'ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action',
      tests: ["api/admin/delete"],
    },
  ],
};
