import type { components } from "@latchkey/client";
import { dateTime } from "../users/date-time.js";
import { deviceName } from "./device-name.js";

export type SecurityEvent = components["schemas"]["SecurityEvent"];

const words: Record<string, string> = {
  login: "Signed in",
  "step-up": "Confirmed the password",
  "password-changed": "Changed the password",
  "password-reset": "Set a new password with a link from an email",
  "refresh-token-reuse": "Signed out because a sign-in token was used twice",
  "session-ended": "Signed out a device",
  "sessions-ended": "Signed out other devices",
  "sessions-ended-by-admin": "An admin signed out all devices",
  "reset-started-by-admin": "An admin sent a link to set a new password",
  "account-restored": "The account was reopened",
  "email-change-requested": "Asked to change the email address",
  "email-changed": "Changed the email address",
  "not-me": "Chose “This wasn’t me” in an email",
  "feed-created": "Created a calendar feed",
  "feed-revoked": "Revoked the calendar feed",
};

/** One event, in words. A newer server may know other kinds: name them as they are. */
export function ActivityRow({ event }: { event: SecurityEvent }) {
  const { kind, createdAt, device, place } = event;
  const facts = [deviceName(device), place].filter((fact) => fact !== null);
  return (
    <li class="row">
      <div class="row-text">
        {/* "Load more" moves the focus here. */}
        <p class="row-title" tabIndex={-1}>
          {words[kind] ?? `Other activity (${kind})`}
        </p>
        <p class="hint">
          <time dateTime={createdAt}>{dateTime(createdAt)}</time>
          {facts.map((fact) => ` · ${fact}`)}
        </p>
      </div>
    </li>
  );
}
