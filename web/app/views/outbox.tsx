import { dataOf, ProblemError } from "@latchkey/client";
import { useRef, useState } from "preact/hooks";
import { announce } from "../announce.js";
import { Failure } from "../components/failure.js";
import { LoadMore } from "../components/load-more.js";
import { Loading } from "../components/loading.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import { DropDialog } from "../outbox/drop-dialog.js";
import { type OutboxEmail, OutboxRow } from "../outbox/outbox-row.js";
import { isCancelled } from "../step-up/prompt.js";
import { neighbourOf } from "../tasks/row-focus.js";
import { usePages } from "../use-pages.js";

const states = { waiting: "Waiting", dead: "Given up" } as const;
type State = keyof typeof states;
const stateNames = Object.entries(states) as [State, string][];

/** Emails that have not been sent. */
export function Outbox() {
  const [state, setState] = useState<State>("waiting");
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());
  const [busyId, setBusyId] = useState<string>();
  const [dropping, setDropping] = useState<OutboxEmail>();
  const [actionFailure, setActionFailure] = useState<unknown>();
  const rows = useRef<HTMLUListElement>(null);
  const list = useRef<HTMLFieldSetElement>(null);
  const { items, loading, failure, nextCursor, loadMore, retry } = usePages<OutboxEmail>(
    state,
    (cursor, signal) => {
      const query = { state, limit: 25, ...cursor };
      return dataOf(latchkey.api.GET("/api/admin/outbox", { params: { query }, signal }));
    },
    "emails",
  );
  const emails = items.filter(({ id }) => !settled.has(id));

  /** The row disappears: the focus moves to a neighbour, or to the filter. */
  function settle({ id }: OutboxEmail, row: HTMLElement | null) {
    const next = neighbourOf(row)?.querySelector("button") ?? list.current?.querySelector("input:checked");
    setSettled((ids) => new Set([...ids, id]));
    if (next instanceof HTMLElement) next.focus();
  }

  async function resend(email: OutboxEmail, row: HTMLElement | null): Promise<void> {
    setBusyId(email.id);
    setActionFailure(undefined);
    try {
      await latchkey.api.POST("/api/admin/outbox/{id}/retry", { params: { path: { id: email.id } } });
      settle(email, row);
      announce("The email is on its way.");
    } catch (error) {
      if (!isCancelled(error)) setActionFailure(error);
    }
    setBusyId(undefined);
  }

  async function drop(email: OutboxEmail): Promise<void> {
    const params = { path: { id: email.id } };
    await latchkey.api.DELETE("/api/admin/outbox/{id}", { params }).catch(ignoreMissing);
    announce("Email dropped.");
  }

  return (
    <Page title="Unsent email" lead="Emails that wait for their next attempt, or that nothing sends any more">
      <p class="back-link">
        <a href="/users">← All users</a>
      </p>
      <fieldset class="segments" ref={list}>
        <legend class="visually-hidden">Show</legend>
        {stateNames.map(([value, text]) => (
          <label key={value}>
            <input type="radio" name="state" checked={state === value} onChange={() => setState(value)} />
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
      {actionFailure !== undefined && (
        <Failure error={actionFailure} onDismiss={() => setActionFailure(undefined)} />
      )}
      {loading === "first" && <Loading what="the emails" />}
      {loading === "idle" && emails.length === 0 && failure === undefined && (
        <div class="empty-state">
          <p>
            <strong>{state === "waiting" ? "All email has left" : "No email was given up"}</strong>
          </p>
          <p>Emails that could not be sent appear here.</p>
        </div>
      )}
      <ul ref={rows} class="rows" aria-label="Emails" aria-busy={loading !== "idle"}>
        {loading !== "first" &&
          emails.map((email) => (
            <OutboxRow
              key={email.id}
              email={email}
              isBusy={busyId === email.id}
              onRetry={(row) => void resend(email, row)}
              onDrop={() => setDropping(email)}
            />
          ))}
      </ul>
      {failure !== undefined && <Failure error={failure} onRetry={() => void retry()} />}
      {nextCursor && failure === undefined && (
        <LoadMore isBusy={loading === "more"} rows={rows} load={loadMore} />
      )}
      {dropping && (
        <DropDialog
          email={dropping}
          drop={async (email) => {
            await drop(email);
            settle(email, document.getElementById(`email-${email.id}`));
          }}
          onClose={() => setDropping(undefined)}
        />
      )}
    </Page>
  );
}

/** Another admin has dropped it. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof ProblemError && error.code === "not-found")) throw error;
}
