import { useId } from "preact/hooks";
import { browserTimeZone } from "../viewer-time-zone.js";

type Props = { name: string; value: string | null };

/** Chooses a time zone. That of the browser comes first, and is chosen until the account has one. */
export function TimeZone({ name, value }: Props) {
  const id = useId();
  const ownZone = browserTimeZone();
  const known = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  // The server's name of a zone may be one that this browser does not list.
  const zones = new Set(value === null ? known : [value, ...known]);
  zones.delete(ownZone);
  return (
    <div class="field">
      <label for={id}>Time zone</label>
      <select id={id} name={name}>
        <option value={ownZone}>Use my browser’s: {ownZone}</option>
        {[...zones].sort().map((zone) => (
          <option key={zone} value={zone} selected={zone === value}>
            {zone}
          </option>
        ))}
      </select>
    </div>
  );
}
