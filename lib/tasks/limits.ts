/** Sizes of tasks, and how many one user may have. */
export const titleLength = 500;
export const descriptionBytes = 16 * 1024;
export const taskQuota = 10_000;
