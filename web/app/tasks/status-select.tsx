import { statuses, statusNames } from "./status-names.js";
import type { Status } from "./task-entry.js";

type Props = { title: string; status: Status; onChange: (status: Status) => void };

export function StatusSelect({ title, status, onChange }: Props) {
  return (
    <select
      class="status"
      aria-label={`Status of “${title}”`}
      value={status}
      onChange={(event) => onChange(event.currentTarget.value as Status)}
    >
      {statuses.map((value) => (
        <option key={value} value={value}>
          {statusNames[value]}
        </option>
      ))}
    </select>
  );
}
