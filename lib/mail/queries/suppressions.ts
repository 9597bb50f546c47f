import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Query } from "../../../db/query.js";
import type { suppressionReasons } from "../../../db/schema/suppressions.js";
import { suppressionSeconds } from "../limits.js";

/** Always one row, so that an event is not acknowledged when the database endpoint returns nothing. */
const changed = z.object({ count: z.int() });

export type Suppression = {
  keys: readonly string[];
  reason: (typeof suppressionReasons)[number];
  /** ISO 8601. The end counts from here, so that a repeated event changes nothing. */
  occurredAt: string;
};

export const suppressAddresses = ({
  keys,
  reason,
  occurredAt,
}: Suppression): Query<z.output<typeof changed>> => ({
  name: "suppressAddresses",
  statement: sql`
    with suppressed_address as (
      insert into suppressions (key, reason, occurred_at, expires_at)
      select distinct dead_address.key, ${reason}, ${occurredAt}::timestamptz,
             ${occurredAt}::timestamptz + make_interval(secs => ${suppressionSeconds[reason]})
        from unnest(${sql.param([...keys])}::text[]) as dead_address (key)
      on conflict (key) do update set reason = excluded.reason, occurred_at = excluded.occurred_at,
                                      expires_at = excluded.expires_at
       where suppressions.expires_at < excluded.expires_at
      returning 1
    )
    select count(*)::int as count from suppressed_address`,
  rowSchema: changed,
});

export const liftSuppression = (keys: readonly string[]): Query<z.output<typeof changed>> => ({
  name: "liftSuppression",
  statement: sql`
    with lifted_suppression as (
      delete from suppressions where suppressions.key = any(${sql.param([...keys])}::text[]) returning 1
    )
    select count(*)::int as count from lifted_suppression`,
  rowSchema: changed,
});
