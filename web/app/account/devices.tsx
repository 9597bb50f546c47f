import { useRef } from "preact/hooks";
import { Button } from "../components/button.js";
import { Failure } from "../components/failure.js";
import { Loading } from "../components/loading.js";
import { neighbourOf } from "../tasks/row-focus.js";
import { DeviceRow } from "./device-row.js";
import { type Session, useDevices } from "./use-devices.js";

/** The devices that are signed in, and the buttons that sign them out. */
export function Devices() {
  const { sessions, pending, failure, load, end, endOthers, dismiss } = useDevices();
  const heading = useRef<HTMLHeadingElement>(null);

  /** The button disappears with its row: the focus moves to that of a neighbour, or to the heading. */
  async function endOne(session: Session, row: HTMLElement | null): Promise<void> {
    const button = neighbourOf(row)?.querySelector("button") ?? heading.current;
    if (await end(session)) button?.focus();
  }

  async function endAll(): Promise<void> {
    if (await endOthers()) heading.current?.focus();
  }

  return (
    <section class="stack" aria-labelledby="devices">
      <h2 id="devices" tabIndex={-1} ref={heading}>
        Devices
      </h2>
      <p class="hint">
        You are signed in on these devices. If you do not recognise one, sign it out and set a new password.
      </p>
      {!sessions && failure === undefined && <Loading what="your devices" />}
      {failure !== undefined && (
        <Failure
          error={failure}
          onRetry={sessions ? undefined : () => void load()}
          onDismiss={sessions && dismiss}
        />
      )}
      <ul class="rows" aria-labelledby="devices">
        {sessions?.map((session) => (
          <DeviceRow
            key={session.id}
            session={session}
            isBusy={pending === session.id}
            onEnd={(row) => void endOne(session, row)}
          />
        ))}
      </ul>
      {sessions?.some(({ current }) => !current) && (
        <p class="actions">
          <Button isBusy={pending === "others"} onClick={() => void endAll()}>
            Sign out all other devices
          </Button>
        </p>
      )}
    </section>
  );
}
