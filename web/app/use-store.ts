import type { Store } from "@latchkey/client";
import { useEffect, useState } from "preact/hooks";

/** The value of a store, now and whenever it changes. */
export function useStore<T>(store: Pick<Store<T>, "get" | "subscribe">): T {
  const [, update] = useState<object>();
  // A new object each time: the value itself may be a function, which a setter would call.
  useEffect(() => {
    update({});
    return store.subscribe(() => update({}));
  }, [store]);
  return store.get();
}
