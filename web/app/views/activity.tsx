import { dataOf } from "@latchkey/client";
import { useRef } from "preact/hooks";
import { Failure } from "../components/failure.js";
import { LoadMore } from "../components/load-more.js";
import { Loading } from "../components/loading.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import type { ViewProps } from "../routes.js";
import { usePages } from "../use-pages.js";
import { type AdminEvent, EventRow } from "../users/event-row.js";

/** Changes that admins made to all users, or to the user in the path. */
export function Activity({ params: { id } }: ViewProps) {
  const rows = useRef<HTMLUListElement>(null);
  const { items, loading, failure, nextCursor, loadMore, retry } = usePages<AdminEvent>(
    id ?? "",
    (cursor, signal) => {
      const query = { limit: 25, ...(id ? { target: id } : {}), ...cursor };
      return dataOf(latchkey.api.GET("/api/admin/events", { params: { query }, signal }));
    },
  );
  const hasUser = id !== undefined && items[0]?.target.name !== null;

  return (
    <Page
      title="Activity"
      lead={id ? "Changes that admins made to this account" : "Changes that admins made to accounts"}
    >
      <p class="back-link">
        {hasUser ? <a href={`/users/${id}`}>← User</a> : <a href="/users">← All users</a>}
      </p>
      {loading === "first" && items.length === 0 && <Loading what="the activity" />}
      {loading === "idle" && items.length === 0 && failure === undefined && (
        <div class="empty-state">
          <p>
            <strong>No activity yet</strong>
          </p>
          <p>Role changes, bans, deletions and other changes by admins appear here.</p>
        </div>
      )}
      <ul ref={rows} class="rows" aria-label="Activity" aria-busy={loading !== "idle"}>
        {items.map((event) => (
          <EventRow key={event.id} event={event} />
        ))}
      </ul>
      {failure !== undefined && <Failure error={failure} onRetry={() => void retry()} />}
      {nextCursor && failure === undefined && (
        <LoadMore isBusy={loading === "more"} rows={rows} load={loadMore} />
      )}
    </Page>
  );
}
