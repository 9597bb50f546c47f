/** One problem, and how to fix it. A warning does not make the command fail. */
export type Finding = { what: string; fix: string; isWarning?: true };

/** One check. Without a finding, it passed. */
export type Check = { name: string; finding?: Finding };
