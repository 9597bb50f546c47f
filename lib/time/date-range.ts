/**
 * Well within the range of Postgres and of RFC 3339, so that every instant on these dates has a four-digit year in every
 * zone. Most zones have had a standard time since about 1900.
 */
export const firstDate = "1900-01-01";
export const lastDate = "2399-12-31";
