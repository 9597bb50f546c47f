import fc from "fast-check";

/** Recurrence rules (RFC 5545 section 3.3.10) that match from any start date. */
const rules = ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;COUNT=12", "FREQ=YEARLY"] as const;

export const validRule: fc.Arbitrary<string> = fc.constantFrom(...rules);

export const badRules = [
  "",
  "daily",
  "INTERVAL=2",
  "FREQ=SOMETIMES",
  "FREQ=DAILY;FREQ=DAILY",
  "FREQ=DAILY;INTERVAL=0",
  "FREQ=DAILY;COUNT=-1",
  "FREQ=DAILY;COUNT=2;UNTIL=20301231",
  "RRULE:FREQ=DAILY",
  "\0",
];

/** Whether a text has the form of the generated rules. */
export const isRule = (text: string): boolean =>
  /^FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;[A-Z]+=[A-Z\d,+-]+)*$/i.test(text) && !badRules.includes(text);
