import type { Measurement } from "./measurement.js";

/** One case, measured in databases of growing size. */
export type GrowthRow = { title: string; measurements: Measurement[] };

/** A b-tree grows by two levels from a hundred rows to a million. */
const levels = 2;
/** Rows that share a page in a small table spread over several pages in a large one. */
const extraPages = 8;

/** The pages allowed in the largest database: those of the smallest, plus the growth of every index descent. */
export function pagesAllowed({ measurements }: GrowthRow): number {
  const [smallest, largest] = [measurements[0], measurements.at(-1)];
  return (smallest?.pages ?? 0) + levels * (largest?.descents ?? 0) + extraPages;
}

export function toMarkdown(sizes: number[], rows: GrowthRow[]): string {
  const labels = sizes.map((size) => size.toLocaleString("en"));
  const head = [
    "request",
    ...labels.map((size) => `pages at ${size}`),
    "growth",
    "allowed",
    ...labels.map((size) => `rows read at ${size}`),
    ...labels.map((size) => `ms at ${size}`),
  ];
  const line = (cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
  const body = rows.map((row) => {
    const pages = row.measurements.map((m) => m.pages);
    const growth = (pages.at(-1) ?? 0) / (pages[0] || 1);
    return line([
      row.title,
      ...pages,
      `${growth.toFixed(1)}×`,
      pagesAllowed(row),
      ...row.measurements.map((m) => m.rows),
      ...row.measurements.map((m) => m.milliseconds.toFixed(1)),
    ]);
  });
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...body].join("\n");
}
