import { authEnv } from "../../contract.js";

/** The parts that all operations on tasks share. */
export const common = { tag: "tasks", auth: "access-token", trips: 1, env: authEnv } as const;

export const locationHeader = {
  Location: { description: "URL of the task", example: "/api/tasks/019aaf3e-7c5b-7d7a-9a53-0f6a1f6f3b21" },
} as const;
