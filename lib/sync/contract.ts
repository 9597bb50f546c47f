import * as z from "zod";
import { syncKinds } from "../../db/schema/sync-heads.js";
import { authEnv, operation } from "../contract.js";
import { label } from "../labels/shapes.js";
import { pageQuery } from "../pagination.js";
import { project } from "../projects/shapes.js";
import { timestamp } from "../schemas.js";
import { tombstoneDays } from "../tasks/limits.js";
import { task } from "../tasks/shapes.js";

const kind = z.enum(syncKinds).meta({ id: "SyncKind" });

const change = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("task"), task }).meta({ id: "SyncedTask" }),
    z.strictObject({ type: z.literal("label"), label }).meta({ id: "SyncedLabel" }),
    z.strictObject({ type: z.literal("project"), project }).meta({ id: "SyncedProject" }),
  ])
  .meta({ id: "SyncedChange" });

export const syncChanges = operation({
  id: "syncChanges",
  method: "get",
  path: "/api/sync",
  tag: "sync",
  auth: "access-token",
  trips: 1,
  env: authEnv,
  summary: "Get all changes since the last synchronization",
  description: `Start without \`since\` to get everything. Store \`next\`, and send it as \`since\` the next time; while \`hasMore\` is true, continue immediately. Replace your copy of a resource with its change, and delete it for a tombstone. A client that does not synchronize for more than ${tombstoneDays} days may have to start again.`,
  query: z.strictObject({
    since: z.string().min(1).max(200).optional().meta({ description: "`next` of the previous response" }),
    limit: pageQuery.limit,
  }),
  responses: {
    200: {
      description: "A page, in the order of the changes",
      body: z
        .strictObject({
          changes: z.array(change),
          tombstones: z.array(
            z
              .strictObject({ type: kind, id: task.shape.id, deletedAt: timestamp })
              .meta({ id: "Tombstone", description: "A resource that was deleted or is in the trash" }),
          ),
          next: z.string().meta({
            description: "Where the next synchronization starts",
            example: "AZqvPnxbfXqaUw9qH28-IRAAIDAgMQ",
          }),
          hasMore: z.boolean().meta({ description: "Whether there are more changes", example: false }),
        })
        .meta({ id: "SyncPage" }),
    },
  },
  problems: ["full-resync-required"],
});
