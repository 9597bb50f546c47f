import { useEffect, useState } from "preact/hooks";

/** Renders the component again every minute, because its text depends on the time. */
export function useMinute(): void {
  const [, update] = useState<object>();
  useEffect(() => {
    const timer = setInterval(() => update({}), 60_000);
    return () => clearInterval(timer);
  }, []);
}
