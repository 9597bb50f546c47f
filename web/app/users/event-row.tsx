import type { components } from "@latchkey/client";
import type { ComponentChildren } from "preact";
import { dateTime } from "./date-time.js";

export type AdminEvent = components["schemas"]["AdminEvent"];

/** One event, as a sentence. The history of a deleted account has no other link to it. */
export function EventRow({ event }: { event: AdminEvent }) {
  return (
    <li class="row">
      <div class="row-text">
        <p>{sentence(event)}</p>
        <p class="hint">
          <time dateTime={event.createdAt}>{dateTime(event.createdAt)}</time>
          {event.target.name === null && (
            <>
              {" · Account ID "}
              <a href={`/users/${event.target.id}/activity`}>
                <code>{event.target.id}</code>
              </a>
            </>
          )}
        </p>
      </div>
    </li>
  );
}

type Words = (actor: ComponentChildren, target: ComponentChildren) => ComponentChildren;

const words: Record<string, Words> = {
  promoted: (actor, target) => [actor, " made ", target, " an admin"],
  demoted: (actor, target) => [actor, " removed the admin role from ", target],
  banned: (actor, target) => [actor, " banned ", target],
  unbanned: (actor, target) => [actor, " lifted the ban on ", target],
  "ban-changed": (actor, target) => [actor, " changed the ban on ", target],
  deleted: (actor, target) => [actor, " deleted ", target],
  restored: (actor, target) => [actor, " reopened the closed account of ", target],
  "sessions-ended": (actor, target) => [actor, " signed out all devices of ", target],
  "reset-started": (actor, target) => [actor, " sent a link to set a new password to ", target],
  "email-retried": (actor, target) => [actor, " sent an unsent email again to ", target],
  "email-dropped": (actor, target) => [actor, " dropped an unsent email to ", target],
};

/** A newer server may know other actions: name them as they are. */
const otherWords =
  (action: string): Words =>
  (actor, target) => [actor, ` changed (${action}) `, target];

/** An email without an account is recorded with the admin as its target. */
const toNobody: Record<string, string> = {
  "email-retried": " sent an unsent email again to someone without an account",
  "email-dropped": " dropped an unsent email to someone without an account",
};

function sentence({ actor, target, action, after }: AdminEvent): ComponentChildren {
  const isSelf = actor?.id === target.id;
  const nobody = after?.email?.hasAccount === false ? toNobody[action] : undefined;
  if (nobody && actor) return [<Person key="actor" {...actor} gone="A deleted account" />, nobody];
  const gone = action === "deleted" ? "an account" : "a deleted account";
  return (words[action] ?? otherWords(action))(
    actor ? <Person {...actor} gone="A deleted account" /> : "An operator",
    isSelf ? "their own account" : <Person {...target} gone={gone} />,
  );
}

function Person({ id, name, gone }: AdminEvent["target"] & { gone: string }) {
  if (name === null) return <>{gone}</>;
  return (
    <a href={`/users/${id}`} dir="auto">
      {name}
    </a>
  );
}
