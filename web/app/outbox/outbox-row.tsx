import type { components } from "@latchkey/client";
import { Button } from "../components/button.js";
import { dateTime } from "../users/date-time.js";
import { kindName } from "./kind-names.js";

export type OutboxEmail = components["schemas"]["OutboxEmail"];

type Props = {
  email: OutboxEmail;
  isBusy: boolean;
  onRetry: (row: HTMLElement | null) => void;
  onDrop: () => void;
};

/** An email that has not been sent, and what an admin can do about it. */
export function OutboxRow({ email, isBusy, onRetry, onDrop }: Props) {
  const { id, kind, recipient, userId, createdAt, dueAt, attempts, lastError, state } = email;
  const elementId = `email-${id}`;
  const name = kindName(kind);
  return (
    <li class="row" id={elementId}>
      <div class="row-text">
        {/* "Load more" moves the focus here. */}
        <p class="row-title" tabIndex={-1}>
          {name}
        </p>
        <p class="hint break-anywhere">
          To {userId ? <a href={`/users/${userId}`}>{recipient}</a> : <bdi>{recipient}</bdi>}
        </p>
        <p class="hint">
          Written <time dateTime={createdAt}>{dateTime(createdAt)}</time>
          {` · ${attempts} ${attempts === 1 ? "attempt" : "attempts"}`}
          {state === "waiting" && (
            <>
              {" · Next attempt after "}
              <time dateTime={dueAt}>{dateTime(dueAt)}</time>
            </>
          )}
        </p>
        {lastError && (
          <p class="hint break-anywhere">
            Last error: <code>{lastError}</code>
          </p>
        )}
      </div>
      <div class="actions">
        <Button isBusy={isBusy} onClick={() => onRetry(document.getElementById(elementId))}>
          <span>
            Retry
            <span class="visually-hidden">
              {" "}
              “{name}” to {recipient}
            </span>
          </span>
        </Button>
        <Button kind="danger" onClick={onDrop}>
          <span>
            Drop
            <span class="visually-hidden">
              {" "}
              “{name}” to {recipient}
            </span>
          </span>
        </Button>
      </div>
    </li>
  );
}
