/** A timestamp in the visitor's language and time zone. */
export const dateTime = (value: string) =>
  new Date(value).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

/** A date in the visitor's language and time zone. */
export const dateOf = (moment: Date) => moment.toLocaleDateString([], { dateStyle: "long" });
