import fc from "fast-check";

const instant = fc.date({
  min: new Date("1970-01-02T00:00:00Z"),
  max: new Date("2099-12-30T00:00:00Z"),
  noInvalidDate: true,
});

/** RFC 3339 `full-date`. */
export const validDate: fc.Arbitrary<string> = fc.oneof(
  { weight: 9, arbitrary: instant.map((date) => date.toISOString().slice(0, 10)) },
  { weight: 1, arbitrary: fc.constantFrom("2024-02-29", "2000-02-29", "1999-12-31") },
);

/** RFC 3339 `date-time`. An offset is as valid as `Z`, and a fraction may have any number of digits. */
export const validDateTime: fc.Arbitrary<string> = fc
  .tuple(
    instant,
    fc.constantFrom("", ".1", ".123", ".123456"),
    fc.constantFrom("Z", "+00:00", "+05:30", "-08:00"),
  )
  .map(([date, fraction, offset]) => `${date.toISOString().slice(0, 19)}${fraction}${offset}`);

export const badDates = [
  "",
  "today",
  "0",
  "2024-02-30",
  "2023-02-29",
  "2024-13-01",
  "2024-00-10",
  "2024-1-1",
  "24-01-01",
  "2024/01/01",
  "01-01-2024",
  "20240101",
  "2024-01-01T00:00:00Z",
  "2024-01-01 ",
  "２０２４-01-01",
];

export const badDateTimes = [
  "",
  "now",
  "0",
  "1704067200000",
  "2024-01-01",
  "2024-01-01T00:00:00",
  "2024-01-01T25:00:00Z",
  "2024-01-01T00:60:00Z",
  "2024-02-30T00:00:00Z",
  "2024-01-01T00:00Z",
  "2024-01-01T00:00:00.Z",
  "2024-01-01T00:00:00+24:00",
  "2024-01-01T00:00:00Z\0",
  "Mon, 01 Jan 2024 00:00:00 GMT",
];
