import { dataOf } from "@latchkey/client";
import { useRef } from "preact/hooks";
import { ActivityRow, type SecurityEvent } from "../account/activity-row.js";
import { Failure } from "../components/failure.js";
import { LoadMore } from "../components/load-more.js";
import { Loading } from "../components/loading.js";
import { latchkey } from "../latchkey.js";
import { usePages } from "../use-pages.js";

const pageSize = 10;

/** The list that the user has under “Activity” on the account page. */
export function UserHistory({ id }: { id: string }) {
  const rows = useRef<HTMLUListElement>(null);
  const { items, loading, failure, nextCursor, loadMore, retry } = usePages<SecurityEvent>(
    id,
    (cursor, signal) => {
      const params = { path: { id }, query: { limit: pageSize, ...cursor } };
      return dataOf(latchkey.api.GET("/api/admin/users/{id}/events", { params, signal }));
    },
    "events",
  );
  return (
    <section class="stack" aria-labelledby="history">
      <h2 id="history">Account activity</h2>
      {loading === "first" && items.length === 0 && <Loading what="the account activity" />}
      {loading === "idle" && items.length === 0 && failure === undefined && (
        <p>Sign-ins and changes to the password appear here.</p>
      )}
      <ul ref={rows} class="rows" aria-labelledby="history" aria-busy={loading !== "idle"}>
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
