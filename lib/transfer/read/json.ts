import { contentProblem, requireFewRows, type SourceFile, type SourceRow } from "./source-file.js";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A row that is not an object becomes an empty task, which validation refuses. */
const rowOf = (task: unknown): SourceRow => ({ task: isObject(task) ? task : {} });

/** Reads an exported file, or another object with `tasks`. @throws Problem `invalid-request` */
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
