/** Sizes of tasks, and how many one user may have. */
export const titleLength = 500;
export const descriptionBytes = 16 * 1024;
/** Characters of a recurrence rule. One that lists all 62 days of the month (1 to 31, -1 to -31) has 222. */
export const ruleLength = 500;
export const taskQuota = 10_000;

/** Operations of one batch. */
export const batchLength = 100;

/** Subtasks of one task, which move to the trash and back with it. */
export const subtaskQuota = 100;

/** Limits of a calendar feed. It has the tasks that are due first, up to this number and this size as JSON. */
export const feedLimits = {
  tasks: 1_000,
  descriptionCharacters: 1_000,
  bytes: 1024 * 1024,
  maxAgeSeconds: 300,
} as const;

/** How long a deleted task can be restored. */
export const trashDays = 30;
/** Tasks in the trash of one user. A full trash drops its oldest. */
export const trashQuota = 10_000;
/** How long a client may go without a synchronization and still learn of every deletion. After that, it starts again. */
export const tombstoneDays = 90;
/** Changes of tasks in the history of one account. */
export const keptChanges = 10_000;
/** Reopening a recurring task within this time removes its follow-up, if that has not changed. */
export const followUpRemovalMinutes = 60;
