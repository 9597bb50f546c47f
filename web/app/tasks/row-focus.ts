/** The row to focus when a row disappears, because the focus would disappear with it. */
export const neighbourOf = (row: Element | null) =>
  row?.nextElementSibling ?? row?.previousElementSibling ?? null;

export const focusNewTitle = (): void => document.getElementById("new-title")?.focus();

/** Focuses the editor or the Edit button of a row, or the field for a new task if there is no such row. */
export function focusRow(row: Element | null | undefined): void {
  const target = row?.querySelector<HTMLElement>("[data-edit], .editor input");
  if (target) target.focus();
  else focusNewTitle();
}
