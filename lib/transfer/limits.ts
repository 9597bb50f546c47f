/** Sizes of files with tasks. */
export const importLimits = {
  /** Rows of one import. More come in parts: the next one finds the tasks of those before. */
  rows: 1_000,
  bodyBytes: 1024 * 1024,
  /** Sent as text in JSON, which may double its quotes and line breaks. */
  contentCharacters: 1024 * 1024,
} as const;

/** Tasks that an export reads in one round trip: with the longest descriptions, 1.6 MiB. */
export const tasksPerPage = 100;
