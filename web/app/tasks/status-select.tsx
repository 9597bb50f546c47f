import { statuses, statusNames } from "./status-names.js";
import type { Status } from "./task-entry.js";

type Props = { id: string; status: Status; onChange: (status: Status) => void };

export function StatusSelect({ id, status, onChange }: Props) {
  return (
    <div class="field">
      <label for={id}>Status</label>
      <select id={id} value={status} onChange={(event) => onChange(event.currentTarget.value as Status)}>
        {statuses.map((value) => (
          <option key={value} value={value}>
            {statusNames[value]}
          </option>
        ))}
      </select>
    </div>
  );
}
