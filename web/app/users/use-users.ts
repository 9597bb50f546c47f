import type { components } from "@latchkey/client";
import { dataOf } from "@latchkey/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../announce.js";
import { latchkey } from "../latchkey.js";

export type AdminUser = components["schemas"]["AdminUser"];
export type UserQuery = { q: string; role: AdminUser["role"] | "all" };

type State = {
  users: AdminUser[];
  nextCursor: string | null;
  loading: "first" | "more" | "idle";
  failure: unknown;
};

const initialState: State = { users: [], nextCursor: null, loading: "first", failure: undefined };

/** The users that match a query, page by page. */
export function useUsers({ q, role }: UserQuery) {
  const [state, setState] = useState(initialState);
  const abort = useRef<AbortController>(undefined);

  async function load(cursor: string | null): Promise<void> {
    abort.current?.abort();
    abort.current = new AbortController();
    const { signal } = abort.current;
    setState((now) => ({ ...now, loading: cursor ? "more" : "first", failure: undefined }));
    const query = {
      limit: 25,
      ...(q.trim() ? { q: q.trim() } : {}),
      ...(role === "all" ? {} : { role }),
      ...(cursor ? { cursor } : {}),
    };
    try {
      const { data, nextCursor } = await dataOf(
        latchkey.api.GET("/api/admin/users", { params: { query }, signal }),
      );
      setState((now) => ({
        ...now,
        users: cursor ? [...now.users, ...data] : data,
        nextCursor,
        loading: "idle",
      }));
      if (!cursor) announce(`${data.length} shown${nextCursor ? ", more available" : ""}.`);
    } catch (failure) {
      if (!signal.aborted) setState((now) => ({ ...now, loading: "idle", failure }));
    }
  }

  useEffect(() => {
    void load(null);
    return () => abort.current?.abort();
  }, [q, role]);

  const { users, nextCursor } = state;
  return {
    ...state,
    loadMore: () => load(nextCursor),
    retry: () => load(users.length > 0 ? nextCursor : null),
  };
}
