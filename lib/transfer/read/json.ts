import { contentProblem, requireFewRows, type SourceFile, type SourceRow } from "./source-file.js";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Rows that are not objects lack every member, and are refused for that. */
const rowOf = (task: unknown): SourceRow => ({ task: isObject(task) ? task : {} });

/** Reads a file of the export, or another object with tasks. @throws Problem */
export function readJson(content: string): SourceFile {
  const file = parse(content);
  if (!isObject(file) || !Array.isArray(file["tasks"]))
    throw contentProblem("must be an object with `tasks`");
  const projects = file["projects"] ?? [];
  if (!Array.isArray(projects)) throw contentProblem("must have a list of `projects`, if any");
  requireFewRows(projects, "projects");
  return { rows: file["tasks"].map(rowOf), projects };
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw contentProblem("must be JSON");
  }
}
