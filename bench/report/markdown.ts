import type { Spread } from "../measure/statistics.js";

export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const aligns = head.map((_, i) => (i === 0 ? "---" : "---:"));
  return [head, aligns, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Larger values get fewer decimals: 0.52, 13.7, 148. */
export function figure(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export const withRange = ({ median, min, max }: Spread): string =>
  `${figure(median)} (${figure(min)}–${figure(max)})`;

/** The cell of a row that a subject does not have. */
export const absent = "–";
