/** Sizes of tasks, and how many one user may have. */
export const titleLength = 500;
export const descriptionBytes = 16 * 1024;
/** Characters of a recurrence rule. A list of all 62 days of the month has 222. */
export const ruleLength = 500;
export const taskQuota = 10_000;

/** Operations of one batch. */
export const batchLength = 100;

/** Subtasks of one task, which move to the trash and back with it. */
export const subtaskQuota = 100;

/** The tasks of a calendar feed: those that are due first, up to this number and these bytes of JSON. */
export const feedLimits = {
  tasks: 1_000,
  descriptionCharacters: 1_000,
  bytes: 1024 * 1024,
  maxAgeSeconds: 300,
} as const;

/** How long a deleted task can be restored. */
export const trashDays = 30;
/** Tasks in the trash of one user. The oldest give way. */
export const trashQuota = 10_000;
/** How long clients may stay away and still get every change. Then they start again. */
export const tombstoneDays = 90;
/** The history of an account reaches back as many changes of tasks. */
export const keptChanges = 10_000;
/** A task that is reopened within this time takes back the task that followed it, if nobody has changed that one. */
export const takeBackMinutes = 60;
