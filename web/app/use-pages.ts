import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "./announce.js";

type Page<Item> = { data: Item[]; nextCursor: string | null };
type State<Item> = {
  items: Item[];
  nextCursor: string | null;
  loading: "first" | "more" | "idle";
  failure: unknown;
};

/**
 * A list that loads page by page. It starts again when `filter` changes. `noun` names its items to screen readers, where
 * the page has other lists.
 */
export function usePages<Item>(
  filter: string,
  fetchPage: (cursor: { cursor?: string }, signal: AbortSignal) => Promise<Page<Item>>,
  noun?: string,
) {
  const [state, setState] = useState<State<Item>>({
    items: [],
    nextCursor: null,
    loading: "first",
    failure: undefined,
  });
  const abort = useRef<AbortController>(undefined);

  async function load(cursor: string | null): Promise<void> {
    abort.current?.abort();
    abort.current = new AbortController();
    const { signal } = abort.current;
    setState((now) => ({ ...now, loading: cursor ? "more" : "first", failure: undefined }));
    try {
      const { data, nextCursor } = await fetchPage(cursor ? { cursor } : {}, signal);
      setState((now) => ({
        ...now,
        items: cursor ? [...now.items, ...data] : data,
        nextCursor,
        loading: "idle",
      }));
      if (!cursor)
        announce(`${data.length}${noun ? ` ${noun}` : ""} shown${nextCursor ? ", more available" : ""}.`);
    } catch (failure) {
      if (!signal.aborted) setState((now) => ({ ...now, loading: "idle", failure }));
    }
  }

  useEffect(() => {
    void load(null);
    return () => abort.current?.abort();
  }, [filter]);

  const { items, nextCursor } = state;
  return {
    ...state,
    loadMore: () => load(nextCursor),
    retry: () => load(items.length > 0 ? nextCursor : null),
  };
}
