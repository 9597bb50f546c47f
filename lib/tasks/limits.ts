/** Sizes of tasks. */
export const titleLength = 500;
export const descriptionBytes = 16 * 1024;
