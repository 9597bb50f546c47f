/** The row to focus when a row disappears, because the focus would disappear with it. */
export const neighbourOf = (row: Element | null) => row?.nextElementSibling ?? row?.previousElementSibling;

/** Focuses the first control of a row, or the field for a new task if the list is empty. */
export function focusRow(row: Element | null | undefined): void {
  const target =
    row?.querySelector<HTMLElement>("[data-edit], input") ?? document.getElementById("new-title");
  target?.focus();
}
