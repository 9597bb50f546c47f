import type { components } from "@latchkey/client";
import { dataOf } from "@latchkey/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { deviceName } from "../account/device-name.js";
import { timeAgo } from "../account/time-ago.js";
import { announce } from "../announce.js";
import { Button } from "../components/button.js";
import { Failure } from "../components/failure.js";
import { Loading } from "../components/loading.js";
import { latchkey } from "../latchkey.js";
import { isCancelled } from "../step-up/prompt.js";
import { dateTime } from "./date-time.js";
import type { AdminUser } from "./use-users.js";

type Session = components["schemas"]["UserSession"];

/** The devices on which a user is signed in, and the button that signs all of them out. A ban ends them too. */
export function UserSessions({ user: { id, bannedAt } }: { user: AdminUser }) {
  const [sessions, setSessions] = useState<Session[]>();
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const path = { id };

  async function load(signal?: AbortSignal): Promise<void> {
    setFailure(undefined);
    try {
      const options = { params: { path }, ...(signal ? { signal } : {}) };
      setSessions((await dataOf(latchkey.api.GET("/api/admin/users/{id}/sessions", options))).sessions);
    } catch (error) {
      if (!signal?.aborted) setFailure(error);
    }
  }
  useEffect(() => {
    const abort = new AbortController();
    void load(abort.signal);
    return () => abort.abort();
  }, [id, bannedAt]);

  async function endAll(): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    try {
      await latchkey.api.DELETE("/api/admin/users/{id}/sessions", { params: { path } });
      setSessions([]);
      announce("Signed out on all devices.");
      heading.current?.focus();
    } catch (error) {
      if (!isCancelled(error)) setFailure(error);
    }
    setBusy(false);
  }

  return (
    <section class="stack" aria-labelledby="sessions">
      <h2 id="sessions" tabIndex={-1} ref={heading}>
        Devices
      </h2>
      {!sessions && failure === undefined && <Loading what="the devices" />}
      {failure !== undefined && (
        <Failure
          error={failure}
          onRetry={sessions ? undefined : () => void load()}
          onDismiss={sessions && (() => setFailure(undefined))}
        />
      )}
      {sessions?.length === 0 && <p>Not signed in on any device.</p>}
      <ul class="rows" aria-labelledby="sessions">
        {sessions?.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {sessions && sessions.length > 0 && (
        <p class="actions">
          <Button isBusy={isBusy} onClick={() => void endAll()}>
            Sign out all devices
          </Button>
        </p>
      )}
    </section>
  );
}

function SessionRow({ session: { device, place, lastUsedAt } }: { session: Session }) {
  return (
    <li class="row">
      <div class="row-text">
        <p class="row-title">{deviceName(device)}</p>
        <p class="hint">
          {place && `${place} · `}Last used{" "}
          <time dateTime={lastUsedAt} title={dateTime(lastUsedAt)}>
            {timeAgo(lastUsedAt)}
          </time>
        </p>
      </div>
    </li>
  );
}
