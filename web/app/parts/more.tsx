import { announce } from "../session.js";
import { Button } from "./button.js";

type Props = {
  isBusy: boolean;
  /** The list that grows. */
  rows: { current: HTMLUListElement | null };
  load: () => Promise<void>;
};

/** Loads the next page. The focus goes to its first row: the button itself may be gone by then. */
export function More({ isBusy, rows, load }: Props) {
  async function loadMore(): Promise<void> {
    const before = rows.current?.children.length ?? 0;
    await load();
    requestAnimationFrame(() => {
      const added = [...(rows.current?.children ?? [])].slice(before);
      if (added.length > 0) announce(`${added.length} more.`);
      added[0]?.querySelector<HTMLElement>("a, [data-edit]")?.focus();
    });
  }
  return (
    <p class="more">
      <Button isBusy={isBusy} onClick={loadMore}>
        Load more
      </Button>
    </p>
  );
}
