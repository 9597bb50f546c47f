const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** "5 minutes ago", in whole units, or "just now" within a minute. */
export function timeAgo(value: string, now = Date.now()): string {
  const seconds = (now - new Date(value).getTime()) / 1000;
  for (const [unit, length] of units) {
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  }
  return "just now";
}
