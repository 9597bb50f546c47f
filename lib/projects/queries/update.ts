import { type SQL, sql } from "drizzle-orm";
import { jsonObject } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { projects } from "../../../db/schema/projects.js";
import type { Changed } from "../../http/conditional.js";
import { changedRow, currentRow, isExpected, type Target } from "../../resources/queries/change.js";
import type { Project, ProjectChange } from "../shapes.js";
import { projectColumns, projectResource } from "./projects.js";

/** Archiving an archived project keeps its time. */
const archivedAt = (archived: boolean): SQL | null =>
  archived ? sql`coalesce(current_row.archived_at, now())` : null;

/** The project after the statement, as JSON. */
export const shownProject: SQL = sql`
  coalesce((select ${jsonObject(projectColumns, "changed_row")} from changed_row), ${jsonObject(projectColumns, "current_row")})`;

/** Changes a project. A no-op keeps the version. Returns no row if the user has no such project. */
export function updateProject(
  target: Target,
  { archived, ...change }: ProjectChange,
): Query<Changed<Project>> {
  const patch = { ...change, ...(archived === undefined ? {} : { archivedAt: archivedAt(archived) }) };
  return {
    name: "updateProject",
    statement: sql`
    with ${currentRow(projects, target)},
    ${changedRow(projects, patch, isExpected(target))}
    select ${isExpected(target)} as "isApplied", ${shownProject} as resource, null as "changedFields" from current_row`,
    rowSchema: projectResource.changed,
  };
}
