import * as z from "zod";
import { neighbours } from "../resources/neighbours.js";
import { changeOf, id, label, timestamp } from "../schemas.js";
import { projectNameLength } from "./limits.js";

const name = label(projectNameLength).meta({ example: "Move to the new flat" });

/** Each member is the column of the same name in `projects`. */
export const project = z
  .strictObject({
    id: id("UUIDv7 of the project", "019aaf3e-8a4d-7b21-9c33-1d2e3f4a5b6c"),
    name: z.string().meta({ example: "Move to the new flat" }),
    position: z.string().meta({
      description: "The place in the order of your projects: compare byte by byte, then by `id`",
      example: "a0",
    }),
    archivedAt: timestamp.nullable().meta({ description: "null: not archived", example: null }),
    version: z
      .int()
      .min(1)
      .meta({ description: "Grows by one with each change; the ETag names it", example: 1 }),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Project" });
export type Project = z.output<typeof project>;

/** Members that later releases add must not have defaults here; see `newTask`. */
export const newProject = z.strictObject({ name });
export type NewProject = z.output<typeof newProject>;

export const projectChange = changeOf(
  newProject.extend({
    archived: z.boolean().meta({ description: "Archives the project, or reopens it", example: true }),
  }),
);
export type ProjectChange = z.output<typeof projectChange>;

export const projectMove = neighbours("project");
