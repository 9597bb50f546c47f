/** Text as part of a `like` pattern, where `%` and `_` stand for themselves. */
export const escapeLike = (value: string): string => value.replace(/[\\%_]/g, "\\$&");
