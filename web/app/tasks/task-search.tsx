import { useEffect, useRef } from "preact/hooks";
import { refusalOf } from "../components/field-messages.js";

const typingDelayMs = 300;

type Props = { search: string; failure: unknown; onSearch: (search: string) => void };

/** Searches when the person pauses. Escape clears. */
export function TaskSearch({ search, failure, onSearch }: Props) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const message = refusalOf(failure, "q", "Search");
  useEffect(() => () => clearTimeout(timer.current), []);

  function searchSoon(typed: string, delayMs: number): void {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(typed.trim()), delayMs);
  }

  return (
    <div class="field">
      <label for="task-search">Search tasks</label>
      <input
        id="task-search"
        type="search"
        defaultValue={search}
        maxLength={200}
        dir="auto"
        autoComplete="off"
        enterKeyHint="search"
        aria-invalid={message !== undefined}
        aria-describedby={message && "task-search-message"}
        onInput={({ currentTarget }) =>
          searchSoon(currentTarget.value, currentTarget.value ? typingDelayMs : 0)
        }
        onKeyDown={({ key, isComposing, currentTarget }) => {
          if (isComposing) return;
          if (key === "Escape") currentTarget.value = "";
          if (key === "Escape" || key === "Enter") searchSoon(currentTarget.value, 0);
        }}
      />
      {message && (
        <p class="field-error" id="task-search-message" role="alert">
          {message}
        </p>
      )}
    </div>
  );
}
