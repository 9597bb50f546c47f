import { useEffect } from "preact/hooks";
import { announce } from "../announce.js";
import { progressDelayMs } from "../progress-delay.js";

/** The style sheet shows it after the same delay, since shorter waits need no progress. */
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
