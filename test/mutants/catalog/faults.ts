import type { MutantsByFile } from "../mutant.js";
import { dropCheck, setCondition } from "../operators/condition.js";
import { replaceSqlCall } from "../operators/sql/expression.js";
import { renameMember, replaceText } from "../operators/text.js";
import { dropProperty } from "../operators/value.js";

/** Faults, retries and migrations. */
export const faults: MutantsByFile = {
  "lib/to-problem.ts": [
    {
      name: "a database fault looks like an ended session",
      edit: replaceText({ in: "toProblem", text: "database-unavailable", by: "session-ended" }),
      tests: ["api/faults/unavailable"],
    },
    {
      name: "a defect logs its message, which may quote input",
      edit: renameMember({ in: "toProblem", member: "name", to: "message" }),
      tests: ["api/operations/secrets"],
    },
  ],
  "db/fault.ts": [
    {
      name: "an ended session looks like a database fault",
      edit: dropProperty({ in: "guardStates", property: "LK001" }),
      tests: ["api/auth/logout"],
    },
    {
      name: "a write is retried after any fault",
      edit: setCondition({ in: "isRetryable", mentions: "isReadOnly", to: true }),
      tests: ["api/faults/retry"],
    },
  ],
  "db/http-client.ts": [
    {
      name: "a statement is sent after its caller has given up",
      edit: setCondition({ in: "send", mentions: 0, to: false }),
      tests: ["db/http-client"],
    },
  ],
  "db/migrate.ts": [
    {
      name: "concurrent migrations do not wait for each other",
      edit: replaceSqlCall({ in: "lock", call: "pg_advisory_xact_lock", by: "null" }),
      tests: ["db/migrate"],
    },
    {
      name: "an applied migration may be rewritten",
      edit: dropCheck({ in: "pendingFiles", throws: "Error" }),
      tests: ["db/migrate"],
    },
  ],
};
