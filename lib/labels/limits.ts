/** Characters of a label. */
export const labelLength = 64;
export const labelsPerTask = 20;
/** Labels of one user. Unused labels count too. */
export const labelQuota = 500;
