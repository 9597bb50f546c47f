/** Characters of the name of a project. */
export const projectNameLength = 120;
/** Projects of one user. Archived ones count too. */
export const projectQuota = 500;
