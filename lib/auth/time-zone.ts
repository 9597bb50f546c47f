import * as z from "zod";
import { timeZoneLength } from "./limits.js";

/** Intl accepts offsets such as `+01:00` too, which do not follow daylight saving time. */
const startsWithLetter = /^[a-z]/i;

/** The canonical spelling of an IANA name in any case, or null if this server does not know it. */
function canonicalTimeZone(name: string): string | null {
  if (!startsWithLetter.test(name)) return null;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

export const timeZoneExample = "Europe/Copenhagen";

/** A time zone in a request. Null clears it. */
export const timeZone = z
  .string()
  .max(timeZoneLength)
  .transform((value, { issues }) => {
    const canonical = canonicalTimeZone(value);
    if (canonical !== null) return canonical;
    issues.push({ code: "custom", message: "must be a time zone such as Europe/Copenhagen", input: value });
    return z.NEVER;
  })
  .meta({
    description:
      "IANA name in any case. Older names are accepted; the response has the name that the server uses.",
    example: timeZoneExample,
    maxLength: timeZoneLength,
    format: "time-zone",
  });
