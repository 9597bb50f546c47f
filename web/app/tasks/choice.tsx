import { useId } from "preact/hooks";

type Props = {
  label: string;
  value: string | number;
  /** The text of each value. */
  names: Readonly<Record<string, string>> | readonly string[];
  onChange: (value: string) => void;
};

export function Choice({ label, value, names, onChange }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {Object.entries(names).map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
