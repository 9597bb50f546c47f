/** Sizes of labels, and how many there may be. */
export const labelLength = 64;
export const labelsPerTask = 20;
/** Labels of one user. Those without a task count too. */
export const labelQuota = 500;
