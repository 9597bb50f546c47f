import type { Store } from "@latchkey/client";
import { useEffect, useState } from "preact/hooks";

/** The value of a store; the component renders again when it changes. */
export function useStore<T>(store: Pick<Store<T>, "get" | "subscribe">): T {
  const [, update] = useState<object>();
  // Sets a new object instead of the value, which may be a function: a setter would call it.
  useEffect(() => {
    update({});
    return store.subscribe(() => update({}));
  }, [store]);
  return store.get();
}
