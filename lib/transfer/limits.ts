/** Limits of one import. */
export const importLimits = {
  /** Larger files are imported in parts. A later part finds the tasks of earlier ones. */
  rows: 1_000,
  bodyBytes: 1024 * 1024,
  /** The content is a JSON string, which may double the size of its quotes and line breaks. */
  contentCharacters: 1024 * 1024,
} as const;

/**
 * Tasks that an export reads in one round trip. With the longest descriptions they have 1.3 MB, and up to 8.2 MB if JSON escapes
 * each character. Neon returns at most 10 MiB.
 */
export const tasksPerPage = 80;
