import { Button } from "../components/button.js";
import { dateTime } from "../users/date-time.js";
import { deviceName } from "./device-name.js";
import { timeAgo } from "./time-ago.js";
import type { Session } from "./use-devices.js";

/** A newer server may know other kinds: leave them out. */
const kinds = new Map([
  ["desktop", "Computer"],
  ["phone", "Phone"],
  ["tablet", "Tablet"],
]);

type Props = { session: Session; isBusy: boolean; onEnd: (row: HTMLElement | null) => void };

/** A device with an open session. The header signs out this one. */
export function DeviceRow({ session, isBusy, onEnd }: Props) {
  const { id, device, place, lastUsedAt, current } = session;
  const name = deviceName(device);
  const facts = [kinds.get(device.kind ?? ""), place].filter(Boolean);
  const elementId = `session-${id}`;
  return (
    <li class="row" id={elementId}>
      <div class="row-text">
        <p class="row-title">{name}</p>
        <p class="hint">
          {facts.length > 0 && `${facts.join(", ")} · `}
          {current ? (
            "Active now"
          ) : (
            <>
              Last used{" "}
              <time dateTime={lastUsedAt} title={dateTime(lastUsedAt)}>
                {timeAgo(lastUsedAt)}
              </time>
            </>
          )}
        </p>
      </div>
      {current ? (
        <p class="tags">
          <span class="tag accent">This device</span>
        </p>
      ) : (
        <Button isBusy={isBusy} onClick={() => onEnd(document.getElementById(elementId))}>
          <span>
            Sign out<span class="visually-hidden"> {name}</span>
          </span>
        </Button>
      )}
    </li>
  );
}
