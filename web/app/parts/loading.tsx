import { useEffect } from "preact/hooks";
import { announce } from "../session.js";

/** Shows itself after 300 ms: what comes sooner needs no progress. */
export function Loading({ what }: { what: string }) {
  useEffect(() => {
    const timer = setTimeout(() => announce(`Loading ${what}…`), 300);
    return () => clearTimeout(timer);
  }, [what]);
  return (
    <p class="loading">
      <span class="spinner" aria-hidden="true" />
      Loading {what}…
    </p>
  );
}
