import { is, type SQL, sql } from "drizzle-orm";
import { PgJsonb, PgText } from "drizzle-orm/pg-core";
import * as z from "zod";
import { jsonObject, type Selection } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { pageBytes } from "../../pagination.js";
import { rowSchemaOf } from "../../rows.js";
import { exportSections as shapes } from "../contract/export.js";
import { user } from "../contract/shapes.js";
import { exportSources, type Source } from "./export-sources.js";

export type SectionName = keyof typeof exportSources;
export const sectionNames = Object.keys(exportSources) as SectionName[];

const rowOf = <N extends SectionName, S extends z.ZodRawShape>(name: N, shape: z.ZodObject<S>) =>
  z.object({ section: z.literal(name), id: z.uuid(), hasNext: z.boolean(), data: rowSchemaOf(shape) });

const exportedRow = z.discriminatedUnion("section", [
  rowOf("account", user),
  rowOf("sessions", shapes.sessions),
  rowOf("securityEvents", shapes.securityEvents),
  rowOf("changesByAdmins", shapes.changesByAdmins),
  rowOf("changesAsAdmin", shapes.changesAsAdmin),
  rowOf("emails", shapes.emails),
  rowOf("emailChanges", shapes.emailChanges),
  rowOf("links", shapes.links),
  rowOf("signUps", shapes.signUps),
  rowOf("projects", shapes.projects),
  rowOf("feeds", shapes.feeds),
  rowOf("labels", shapes.labels),
  rowOf("tasks", shapes.tasks),
  rowOf("trash", shapes.trash),
  rowOf("taskChanges", shapes.taskChanges),
]);
export type ExportedRow = z.output<typeof exportedRow>;

/** The last row of the page before. */
export type ExportPlace = Pick<ExportedRow, "section" | "id">;

/** Enough that the pages of small rows are few. Postgres measures as many rows of each section. */
export const rowsPerPage = 200;
/** The JSON of a row without its texts, roughly. */
const bytesPerRow = 300;

/**
 * The next rows of all sections, by section and then newest first, so that rows which are written during the export do
 * not prolong it. A page ends after `rowsPerPage` rows, or with the row that reaches `pageBytes`. Postgres measures
 * texts without reading them, and builds the JSON of the rows on the page only. It reads JSON columns, because it knows
 * only their compressed size, which may be a hundred times smaller.
 */
export function selectExportPage(userId: string, after: ExportPlace | null): Query<ExportedRow> {
  const startsAt = after ? sectionNames.indexOf(after.section) : 0;
  const sections = sectionNames.map((name, position) => ({ name, position })).slice(startsAt);
  const sources = sections.map(
    ({ name, position }) =>
      sql`(${measuredRows(exportSources[name], position, userId, name === after?.section ? after.id : null)})`,
  );
  const names = sections.map(({ name, position }) => sql`when ${position}::int then ${name}::text`);
  const rows = sections.map(
    ({ name, position }) => sql`when ${position}::int then (${rowJson(exportSources[name])})`,
  );
  return {
    name: "selectExportPage",
    statement: sql`
    select case position ${sql.join(names, sql` `)} end as section, id, "hasNext",
           case position ${sql.join(rows, sql` `)} end as data
      from (
        select candidate.*, lead(id) over in_order is not null as "hasNext", row_number() over in_order as place,
               sum(bytes) over (in_order rows between unbounded preceding and 1 preceding) as bytes_before
          from (select * from (${sql.join(sources, sql` union all `)}) as source
                 order by position, id desc limit ${rowsPerPage + 1}::int) as candidate
        window in_order as (order by position, id desc)
      ) as measured
     where place <= ${rowsPerPage}::int and coalesce(bytes_before, 0) < ${pageBytes}::int
     order by position, id desc`,
    rowSchema: exportedRow,
    isReadOnly: true,
  };
}

const measuredRows = (
  { table, owner, columns, condition, otherBytes = sql`0`, newestFirst = sql`id desc` }: Source,
  position: number,
  userId: string,
  after: string | null,
): SQL => sql`
    select ${position}::int as position, ${table.id} as id, ${bytesOf(columns)} + ${otherBytes} as bytes
      from ${table} where ${owner} = ${userId}::uuid ${condition ? sql`and ${condition}` : sql``} ${after ? sql`and ${table.id} < ${after}::uuid` : sql``}
     order by ${newestFirst} limit ${rowsPerPage + 1}::int`;

const bytesOf = (columns: Selection): SQL => {
  const texts = Object.values(columns).filter((column) => is(column, PgText));
  const documents = Object.values(columns).filter((column) => is(column, PgJsonb));
  const lengths = [
    ...texts.map((column) => sql`coalesce(octet_length(${column}), 0)`),
    ...documents.map((column) => sql`coalesce(octet_length(${column}::text), 0)`),
  ];
  return sql.join([sql`${bytesPerRow}::int`, ...lengths], sql` + `);
};

const rowJson = ({ table, columns }: Source): SQL =>
  sql`select ${jsonObject(columns)} from ${table} where ${table.id} = measured.id`;
