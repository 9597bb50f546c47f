import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { Failure } from "../components/failure.js";
import { LoadMore } from "../components/load-more.js";
import { Loading } from "../components/loading.js";
import { usePages } from "../use-pages.js";
import { ActivityRow, type SecurityEvent } from "./activity-row.js";

type Query = { limit: number; cursor?: string };
type Props = {
  title: string;
  /** Whose events they are. Another value loads the list again. */
  of: string;
  fetch: (query: Query, signal: AbortSignal) => Promise<{ data: SecurityEvent[]; nextCursor: string | null }>;
  /** Completes "Loading …". */
  what: string;
  empty: string;
  /** Advice above the list. */
  children?: ComponentChildren;
};

const pageSize = 10;

/** The events of an account, newest first. */
export function EventList({ title, of, fetch, what, empty, children }: Props) {
  const headingId = useId();
  const rows = useRef<HTMLUListElement>(null);
  const { items, loading, failure, nextCursor, loadMore, retry } = usePages<SecurityEvent>(
    of,
    (cursor, signal) => fetch({ limit: pageSize, ...cursor }, signal),
    "events",
  );
  return (
    <section class="stack" aria-labelledby={headingId}>
      <h2 id={headingId}>{title}</h2>
      {children}
      {loading === "first" && items.length === 0 && <Loading what={what} />}
      {loading === "idle" && items.length === 0 && failure === undefined && <p>{empty}</p>}
      <ul ref={rows} class="rows" aria-labelledby={headingId} aria-busy={loading !== "idle"}>
        {items.map((event) => (
          <ActivityRow key={event.id} event={event} />
        ))}
      </ul>
      {failure !== undefined && <Failure error={failure} onRetry={() => void retry()} />}
      {nextCursor && failure === undefined && (
        <LoadMore isBusy={loading === "more"} rows={rows} load={loadMore} />
      )}
    </section>
  );
}
