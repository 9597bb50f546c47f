/** Sizes and lifetimes of tasks. */
export const titleLength = 500;
export const descriptionBytes = 16 * 1024;
export const idempotencyHours = 24;
