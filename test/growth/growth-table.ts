import type { Measured } from "./measured.js";

/** One case in databases of growing size. */
export type Row = { title: string; measured: Measured[] };

/** From a hundred rows to a million, a b-tree gets two levels higher. */
const levels = 2;
/** Rows that lie on one page in a small table lie on several in a large one. */
const fewPages = 8;

/** Pages that the largest database may need: as many as the smallest, and the depth of its indexes. */
export function pagesAllowed({ measured }: Row): number {
  const [smallest, largest] = [measured[0], measured.at(-1)];
  return (smallest?.pages ?? 0) + levels * (largest?.descents ?? 0) + fewPages;
}

export function toMarkdown(sizes: number[], rows: Row[]): string {
  const short = sizes.map((size) => size.toLocaleString("en"));
  const head = [
    "request",
    ...short.map((size) => `pages at ${size}`),
    "growth",
    "allowed",
    ...short.map((size) => `rows read at ${size}`),
    ...short.map((size) => `ms at ${size}`),
  ];
  const line = (cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
  const body = rows.map((row) => {
    const pages = row.measured.map((m) => m.pages);
    const growth = (pages.at(-1) ?? 0) / (pages[0] || 1);
    return line([
      row.title,
      ...pages,
      `${growth.toFixed(1)}×`,
      pagesAllowed(row),
      ...row.measured.map((m) => m.rows),
      ...row.measured.map((m) => m.milliseconds.toFixed(1)),
    ]);
  });
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...body].join("\n");
}
