import { type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { columnsFor, type Selection } from "../../../db/columns.js";
import { adminEvents } from "../../../db/schema/admin-events.js";
import { emailChanges } from "../../../db/schema/email-changes.js";
import { feeds } from "../../../db/schema/feeds.js";
import { labels } from "../../../db/schema/labels.js";
import { links } from "../../../db/schema/links.js";
import { outbox } from "../../../db/schema/outbox.js";
import { projects } from "../../../db/schema/projects.js";
import { registrations } from "../../../db/schema/registrations.js";
import { securityEvents } from "../../../db/schema/security-events.js";
import { sessions } from "../../../db/schema/sessions.js";
import { taskChanges, tasks, trashedTasks } from "../../../db/schema/tasks.js";
import { users } from "../../../db/schema/users.js";
import { label } from "../../labels/shapes.js";
import { kindLiteral } from "../../mail/queries.js";
import { projectColumns } from "../../projects/queries/projects.js";
import { newestOfOwner } from "../../resources/queries/select.js";
import { taskColumns, trashedColumns } from "../../tasks/queries/columns.js";
import { exportSections as shapes } from "../contract/export.js";
import { user } from "../contract/shapes.js";

export type Source = {
  table: PgTable & { id: PgColumn };
  /** The column with the id of the user. */
  owner: PgColumn;
  columns: Selection;
  condition?: SQL;
  /** The size in bytes of large columns that are neither text nor JSON. */
  otherBytes?: SQL;
  /** The order of the rows, if the index on owner and id is not in the order `id desc`. */
  newestFirst?: SQL;
};

const deviceOf = ({ browser, os, deviceKind }: Record<"browser" | "os" | "deviceKind", PgColumn>) => ({
  device: sql`jsonb_build_object('browser', ${browser}, 'os', ${os}, 'kind', ${deviceKind})`,
});

const labelBytes = sql`pg_column_size(labels)`;

/** Where the rows of each section come from, in the order of the document. */
export const exportSources = {
  account: { table: users, owner: users.id, columns: columnsFor(users, user.shape) },
  sessions: {
    table: sessions,
    owner: sessions.userId,
    columns: columnsFor(sessions, shapes.sessions.shape, {
      lastUsedAt: sql`${sessions.rotatedAt}`,
      ...deviceOf(sessions),
    }),
  },
  securityEvents: {
    table: securityEvents,
    owner: securityEvents.userId,
    columns: columnsFor(securityEvents, shapes.securityEvents.shape, deviceOf(securityEvents)),
  },
  changesByAdmins: {
    table: adminEvents,
    owner: adminEvents.targetId,
    columns: columnsFor(adminEvents, shapes.changesByAdmins.shape),
  },
  changesAsAdmin: {
    table: adminEvents,
    owner: adminEvents.actorId,
    columns: columnsFor(adminEvents, shapes.changesAsAdmin.shape),
  },
  emails: {
    table: outbox,
    owner: outbox.userId,
    columns: columnsFor(outbox, shapes.emails.shape),
    // Whether this account has the row reveals whether the new address was free.
    condition: sql`${outbox.kind} <> ${kindLiteral("confirm-email")}`,
  },
  emailChanges: {
    table: emailChanges,
    owner: emailChanges.userId,
    columns: columnsFor(emailChanges, shapes.emailChanges.shape),
  },
  links: { table: links, owner: links.userId, columns: columnsFor(links, shapes.links.shape) },
  signUps: {
    table: registrations,
    owner: registrations.userId,
    columns: columnsFor(registrations, shapes.signUps.shape),
  },
  projects: {
    table: projects,
    owner: projects.userId,
    columns: projectColumns,
    newestFirst: newestOfOwner,
  },
  feeds: { table: feeds, owner: feeds.userId, columns: columnsFor(feeds, shapes.feeds.shape) },
  labels: {
    table: labels,
    owner: labels.userId,
    columns: columnsFor(labels, label.shape),
    newestFirst: newestOfOwner,
  },
  tasks: {
    table: tasks,
    owner: tasks.userId,
    columns: taskColumns,
    otherBytes: labelBytes,
    newestFirst: newestOfOwner,
  },
  trash: { table: trashedTasks, owner: trashedTasks.userId, columns: trashedColumns, otherBytes: labelBytes },
  taskChanges: {
    table: taskChanges,
    owner: taskChanges.userId,
    columns: columnsFor(taskChanges, shapes.taskChanges.shape),
  },
} as const satisfies Record<"account" | keyof typeof shapes, Source>;
