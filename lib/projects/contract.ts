import * as z from "zod";
import { authEnv, operation } from "../contract.js";
import { etagHeader, ifMatchHeaders, ifNoneMatchHeaders, preconditionFailed } from "../http/conditional.js";
import { idempotencyKeyHeaders, replayHeader } from "../http/idempotency.js";
import { pageOf, pageQuery } from "../pagination.js";
import { projectQuota } from "./limits.js";
import { newProject, project, projectChange, projectMove } from "./shapes.js";

const common = { tag: "projects", auth: "access-token", trips: 1, env: authEnv } as const;

const projectParams = z.strictObject({ id: project.shape.id });

export const listProjects = operation({
  ...common,
  id: "listProjects",
  method: "get",
  path: "/api/projects",
  summary: "List your projects",
  description:
    "In the order that you chose. The inbox, which has the tasks without a project, is not listed.",
  query: z.strictObject({
    archived: z
      .enum(["true", "false"])
      .optional()
      .meta({ description: "`true`: only archived projects. `false`: only the others" }),
    ...pageQuery,
  }),
  responses: { 200: { description: "A page", body: pageOf(project).meta({ id: "ProjectPage" }) } },
  problems: ["invalid-cursor"],
});

export const createProject = operation({
  ...common,
  id: "createProject",
  method: "post",
  path: "/api/projects",
  summary: "Create a project",
  description: `The new project comes last. One account may have ${projectQuota} projects.`,
  headers: idempotencyKeyHeaders,
  body: newProject,
  responses: {
    201: {
      description: "Created",
      body: project,
      headers: {
        Location: {
          description: "URL of the project",
          example: "/api/projects/019aaf3e-8a4d-7b21-9c33-1d2e3f4a5b6c",
        },
        ...etagHeader,
        ...replayHeader,
      },
    },
  },
  problems: ["idempotency-key-reused", "quota-exceeded"],
});

export const getProject = operation({
  ...common,
  id: "getProject",
  method: "get",
  path: "/api/projects/{id}",
  summary: "Read a project",
  description: "`GET /api/tasks?project={id}` lists its tasks.",
  params: projectParams,
  headers: ifNoneMatchHeaders,
  responses: {
    200: { description: "The project", body: project, headers: etagHeader },
    304: { description: "Not modified", headers: etagHeader },
  },
  problems: ["not-found"],
});

export const patchProject = operation({
  ...common,
  id: "patchProject",
  method: "patch",
  path: "/api/projects/{id}",
  bodyTypes: ["application/json", "application/merge-patch+json"],
  summary: "Rename or archive a project",
  description: "The tasks of an archived project stay as they are. A no-op keeps the version.",
  params: projectParams,
  headers: ifMatchHeaders,
  body: projectChange,
  responses: { 200: { description: "The project", body: project, headers: etagHeader } },
  problems: ["not-found", "precondition-failed"],
  problemExtensions: preconditionFailed(project),
});

export const deleteProject = operation({
  ...common,
  id: "deleteProject",
  method: "delete",
  path: "/api/projects/{id}",
  summary: "Delete a project",
  description:
    "`tasks` decides whether its tasks move to the trash or to the inbox. Tasks that are already in the trash stay there, and go to the inbox if they are restored. Repeating the request succeeds.",
  params: projectParams,
  headers: ifMatchHeaders,
  query: z.strictObject({
    tasks: z
      .enum(["delete", "inbox"])
      .optional()
      .meta({ description: "Required if the project has tasks", example: "inbox" }),
  }),
  responses: { 204: { description: "Deleted" } },
  problems: ["not-found", "project-not-empty", "precondition-failed"],
  problemExtensions: preconditionFailed(project),
});

export const moveProject = operation({
  ...common,
  id: "moveProject",
  method: "post",
  path: "/api/projects/{id}/move",
  summary: "Move a project in the order of your projects",
  description:
    "Puts the project directly after `after`, directly before `before`, or last. A project that is already there keeps its version. If there is no room between two projects, all your projects get new positions.",
  params: projectParams,
  headers: ifMatchHeaders.extend(idempotencyKeyHeaders.shape),
  body: projectMove,
  responses: {
    200: { description: "The project", body: project, headers: { ...etagHeader, ...replayHeader } },
  },
  problems: ["not-found", "precondition-failed", "idempotency-key-reused", "invalid-reference"],
  problemExtensions: preconditionFailed(project),
});
