import fc from "fast-check";

/** Names that every time zone database knows, with clocks of every kind. */
const names = [
  "UTC",
  "Europe/London",
  "America/New_York",
  "America/Argentina/Buenos_Aires",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Kiritimati",
] as const;

export const validTimeZone: fc.Arbitrary<string> = fc.constantFrom(...names);

export const badTimeZones = [
  "",
  "Nowhere",
  "Mars/Olympus",
  "+01:00",
  "UTC+1",
  "Europe",
  "Europe/London ",
  "\0",
];

/** Whether this is a name of the IANA database. Intl accepts offsets too. */
export function isTimeZone(text: string): boolean {
  if (!/^[a-z]/i.test(text)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
