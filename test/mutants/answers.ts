import type { Sabotages } from "./mutant.js";

/** Of what callers and operators are told when something goes wrong. */
export const answers: Sabotages = {
  "lib/log.ts": [
    {
      name: "a line of the log is as long as the caller likes",
      find: "value.slice(0, maxValueCharacters)",
      replace: "value.slice(0, maxValueCharacters * 1000)",
      tests: ["lib/log"],
    },
    {
      name: "faults are not shown as such",
      find: 'level === "error" || level === "fatal" ? console.error',
      replace: 'level === "fatal" ? console.error',
      tests: ["lib/log"],
    },
  ],
  "lib/to-problem.ts": [
    {
      name: "a fault of the database is told as the end of a session",
      find: 'new Problem("database-unavailable", retry(retryAfterSeconds.database))',
      replace: 'bearerProblem("session-ended", "invalid_token")',
      tests: ["api/faults/unavailable"],
    },
    {
      name: "a 503 does not say when to try again",
      find: 'new Problem("database-unavailable", retry(retryAfterSeconds.database))',
      replace: 'new Problem("database-unavailable")',
      tests: ["api/faults/unavailable"],
    },
    {
      name: "a defect logs its message, which may quote input",
      find: "kind: error.name,",
      replace: "kind: error.message,",
      tests: ["api/structure/statuses", "api/operations/secrets"],
    },
    {
      name: "a defect tells the caller its message",
      find: 'return new Problem("internal");',
      replace: 'return new Problem("internal", { detail: error.message });',
      tests: ["api/structure/statuses"],
    },
  ],
};
