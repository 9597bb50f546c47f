import { announce } from "../announce.js";
import { Button } from "./button.js";

type Props = {
  isBusy: boolean;
  /** The list that receives the new rows. */
  rows: { current: HTMLUListElement | null };
  load: () => Promise<void>;
};

/** Loads the next page and focuses its first row, because the button may be gone by then. */
export function LoadMore({ isBusy, rows, load }: Props) {
  async function loadMore(): Promise<void> {
    const before = rows.current?.children.length ?? 0;
    await load();
    requestAnimationFrame(() => {
      const added = [...(rows.current?.children ?? [])].slice(before);
      if (added.length > 0) announce(`${added.length} more loaded.`);
      added[0]?.querySelector<HTMLElement>("a, [data-edit], [tabindex]")?.focus();
    });
  }
  return (
    <p class="load-more">
      <Button isBusy={isBusy} onClick={loadMore}>
        Load more
      </Button>
    </p>
  );
}
