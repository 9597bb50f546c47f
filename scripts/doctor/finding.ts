/** One thing that is wrong, and how to mend it. */
export type Finding = { what: string; fix: string };

/** One thing that was looked at: sound, or what is wrong with it. */
export type Check = { name: string; finding?: Finding };
