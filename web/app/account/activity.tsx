import { dataOf } from "@latchkey/client";
import { useRef } from "preact/hooks";
import { Failure } from "../components/failure.js";
import { LoadMore } from "../components/load-more.js";
import { Loading } from "../components/loading.js";
import { latchkey } from "../latchkey.js";
import { usePages } from "../use-pages.js";
import { ActivityRow, type SecurityEvent } from "./activity-row.js";

const pageSize = 10;

/** The events of the account, newest first. */
export function Activity() {
  const rows = useRef<HTMLUListElement>(null);
  const { items, loading, failure, nextCursor, loadMore, retry } = usePages<SecurityEvent>(
    "",
    (cursor, signal) => {
      const query = { limit: pageSize, ...cursor };
      return dataOf(latchkey.api.GET("/api/auth/events", { params: { query }, signal }));
    },
    "events",
  );
  return (
    <section class="stack" aria-labelledby="activity">
      <h2 id="activity">Activity</h2>
      <p class="hint">
        If you do not recognise something here, set a new password. That signs out all devices.
      </p>
      {loading === "first" && items.length === 0 && <Loading what="your activity" />}
      {loading === "idle" && items.length === 0 && failure === undefined && (
        <p>Sign-ins and changes to your password appear here.</p>
      )}
      <ul ref={rows} class="rows" aria-labelledby="activity" aria-busy={loading !== "idle"}>
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
