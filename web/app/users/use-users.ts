import type { components } from "@latchkey/client";
import { dataOf } from "@latchkey/client";
import { latchkey } from "../latchkey.js";
import { usePages } from "../use-pages.js";

export type AdminUser = components["schemas"]["AdminUser"];
export type UserQuery = { q: string; role: AdminUser["role"] | "all" };

/** The users that match a query, page by page. */
export function useUsers({ q, role }: UserQuery) {
  const filter = { ...(q.trim() ? { q: q.trim() } : {}), ...(role === "all" ? {} : { role }) };
  return usePages<AdminUser>(JSON.stringify(filter), (cursor, signal) => {
    const query = { limit: 25, ...filter, ...cursor };
    return dataOf(latchkey.api.GET("/api/admin/users", { params: { query }, signal }));
  });
}
