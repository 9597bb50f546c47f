import { useEffect } from "preact/hooks";
import { announce } from "../announce.js";
import { progressDelayMs } from "../progress-delay.js";

/** A progress message. The style sheet shows it after the same delay as the announcement. */
export function Loading({ what }: { what: string }) {
  useEffect(() => {
    const timer = setTimeout(() => announce(`Loading ${what}…`), progressDelayMs);
    return () => clearTimeout(timer);
  }, [what]);
  return (
    <p class="loading">
      <span class="spinner" aria-hidden="true" />
      Loading {what}…
    </p>
  );
}
