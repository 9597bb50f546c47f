import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import * as z from "zod";
import type { Selection } from "../../db/columns.js";
import type { Changed } from "../http/conditional.js";
import type { Created } from "../http/idempotency.js";
import { type Listed, listedRow } from "../pagination.js";

/** The columns that the queries in this folder set, and those that triggers set. */
export type ManagedColumn = "id" | "userId" | "version" | "createdAt" | "updatedAt" | "seq";
export type ResourceTable = PgTable & Record<Exclude<ManagedColumn, "seq">, PgColumn>;

const referring = z.object({ refusedMember: z.string().nullable() });
/** `refusedMember`: the member of the body whose reference was refused. Then nothing was written. */
export type Referring = z.output<typeof referring>;

/** A table whose rows belong to users and have a version, and the part of a row that the API shows. */
export type Resource<T extends ResourceTable, Shown> = {
  table: T;
  columns: Selection;
  /** Rows that one user may have. */
  quota: number;
  shown: z.ZodType<Shown>;
  created: z.ZodType<Created<Shown> & Referring>;
  changed: z.ZodType<Changed<Shown>>;
  listed: z.ZodType<Listed<Shown>>;
};

/** Call this once per table, not per request: a schema compiles its parser at its first use. */
export const defineResource = <T extends ResourceTable, Shown>(
  table: T,
  { columns, shown, quota }: Pick<Resource<T, Shown>, "columns" | "shown" | "quota">,
): Resource<T, Shown> => ({
  table,
  columns,
  shown,
  quota,
  created: referring.extend({
    isReplay: z.boolean(),
    isSameRequest: z.boolean(),
    resource: shown.nullable(),
  }),
  changed: z.object({
    isApplied: z.boolean(),
    resource: shown,
    changedFields: z.array(z.string()).nullable(),
  }),
  listed: listedRow(shown),
});
