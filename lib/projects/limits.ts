/** Sizes of projects, and how many one user may have. */
export const projectNameLength = 120;
/** Archived ones count too. */
export const projectQuota = 500;
