import { sql } from "drizzle-orm";
import { columnsFor } from "../../../db/columns.js";
import type { Query } from "../../../db/query.js";
import { projects } from "../../../db/schema/projects.js";
import type { Created, IdempotencyKey } from "../../http/idempotency.js";
import type { Listed } from "../../pagination.js";
import { type FirstResponse, insertResource } from "../../resources/queries/insert.js";
import { type Page, type Sort, selectOwned, selectPage } from "../../resources/queries/select.js";
import { noReplayValues } from "../../resources/queries/used-key.js";
import { defineResource, type Referring } from "../../resources/resource.js";
import { rowSchemaOf } from "../../rows.js";
import { projectQuota } from "../limits.js";
import { type NewProject, type Project, project } from "../shapes.js";

/** A project as responses show it. */
export const projectColumns = columnsFor(projects, project.shape);

export const projectResource = defineResource(projects, {
  columns: projectColumns,
  shown: rowSchemaOf(project),
  quota: projectQuota,
});

const byPosition: Sort = { isDescending: false, key: { value: sql`position`, type: "text" } };

export const selectProjects = (page: Page, archived: boolean | undefined): Query<Listed<Project>> =>
  selectPage("selectProjects", projectResource, page, {
    sort: byPosition,
    filters: archived === undefined ? [] : [sql`(archived_at is not null) = ${archived}::boolean`],
  });

/** Returns no row if the user has no such project. */
export const selectProject = (userId: string, id: string): Query<Project> =>
  selectOwned("selectProject", projectResource, userId, id);

/** Inserts a project as the last one. */
export const insertProject = (
  { id, userId, body }: { id: string; userId: string; body: NewProject },
  key: IdempotencyKey | undefined,
): Query<Created<Project> & Referring> => {
  const row = {
    id,
    userId,
    first: { ...noReplayValues, position: sql`last_project_position(${userId}::uuid)` },
    references: [],
    values: ({ position }: FirstResponse) => ({ ...body, position, archivedAt: null }),
  };
  return insertResource("insertProject", projectResource, row, key);
};
