import * as z from "zod";
import { timeZoneNamed } from "./time-zone-names.js";

/** The longest IANA name has 32 characters. */
export const timeZoneLength = 64;

export const timeZoneExample = "Europe/Copenhagen";

/** A time zone in a request. An older name keeps its meaning and its spelling: US/Pacific stays US/Pacific. */
export const timeZone = z
  .string()
  .max(timeZoneLength)
  .transform((value, { issues }) => {
    const name = timeZoneNamed(value);
    if (name !== undefined) return name;
    issues.push({ code: "custom", message: `must be a time zone such as ${timeZoneExample}`, input: value });
    return z.NEVER;
  })
  .meta({
    description:
      "IANA name in any case, current or older. The response has the same name, in IANA's spelling. Offsets such as `+01:00` are not names.",
    example: timeZoneExample,
    maxLength: timeZoneLength,
    format: "time-zone",
  });
