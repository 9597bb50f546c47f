import { latchkey } from "./latchkey.js";

/** A date and a time on the clocks of the viewer, as inputs and the API write them. */
export type WallTime = { date: string; time: string };

const clocks = new Map<string, Intl.DateTimeFormat | undefined>();

/** Reads the clocks of a zone. Undefined: this browser is older than the zone. */
function clockOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (!clocks.has(timeZone)) clocks.set(timeZone, createClock(timeZone));
  return clocks.get(timeZone);
}

function createClock(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    const twoDigits = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
    return new Intl.DateTimeFormat("en", { timeZone, hourCycle: "h23", year: "numeric", ...twoDigits });
  } catch {
    return undefined;
  }
}

export function browserTimeZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  // Chromium's name for a zone that it cannot find out, which no API accepts.
  return timeZone === "Etc/Unknown" ? "UTC" : timeZone;
}

/** The time zone of the account, or that of the browser. */
export function viewerTimeZone(): string {
  const session = latchkey.session.get();
  const chosen = session.state === "signed-in" ? session.user.timeZone : null;
  return chosen !== null && clockOf(chosen) ? chosen : browserTimeZone();
}

export function wallTimeOf(instant: Date): WallTime {
  const parts = clockOf(viewerTimeZone())?.formatToParts(instant) ?? [];
  const part = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? "";
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}`,
  };
}
