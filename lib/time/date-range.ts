/**
 * Far from both ends of what Postgres stores and RFC 3339 writes, so that every instant of these dates has a year of four
 * digits in every zone. Most zones have a standard time from about 1900.
 */
export const firstDate = "1900-01-01";
export const lastDate = "2399-12-31";
