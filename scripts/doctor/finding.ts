/** One problem, and how to fix it. */
export type Finding = { what: string; fix: string };

/** One check. Without a finding, it passed. */
export type Check = { name: string; finding?: Finding };
