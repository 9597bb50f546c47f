/** Clocks by Intl: a second way to compute, which shares no code with lib/time/instant.ts. */

const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

/** The offset from UTC in a zone at an instant, in milliseconds. */
export function createClock(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (instant) => {
    const second = Math.floor(instant / 1_000) * 1_000;
    const parts = new Map(format.formatToParts(second).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? Number.NaN;
    const wall = Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    );
    return wall - second;
  };
}

type Clock = ReturnType<typeof createClock>;

/** The instants with this wall time, in order; empty in a gap. Both are milliseconds; the wall time as if it were UTC. */
export function instantsAt(clock: Clock, wall: number): number[] {
  const offsets = new Set([clock(wall - dayMs), clock(wall + dayMs)]);
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((instant) => clock(instant) === wall - instant)
    .sort((a, b) => a - b);
}

/** The instant at which the offset changes, to the second, if it differs between the two. */
export function changeBetween(clock: Clock, start: number, end: number): number | null {
  const before = clock(start);
  if (clock(end) === before) return null;
  let [low, high] = [start, end];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    if (clock(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}
