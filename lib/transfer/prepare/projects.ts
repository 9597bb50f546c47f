import { pointerErrors } from "../../http/validation.js";
import type { ImportRequest } from "../contract.js";
import type { ImportedProjectRow } from "../queries/imported-projects.js";
import { contentProblem } from "../read/source-file.js";
import { createIdAllocator } from "./identities.js";
import { type ImportedProject, importedProject } from "./imported-task.js";

/** The project of a task: the place of one in `all`, or an id that is not in the file. Both null: the inbox. */
type ProjectOfTask = { projectPlace: number | null; projectId: string | null };

/**
 * The projects of a file: those that it lists, and those that its rows refer to by name.
 * @throws Problem `invalid-request` if a listed one is invalid
 */
export function createProjects(listed: readonly unknown[], userId: string, ids: ImportRequest["ids"]) {
  const identities = createIdAllocator(userId, ids);
  const all: ImportedProjectRow[] = [];
  const placesById = new Map<string, number>();
  const placesByName = new Map<string, number>();

  for (const [place, project] of listed.map(parseProject).entries()) {
    const { id, name, archivedAt = null, createdAt = null } = project;
    if (placesById.has(id)) throw invalidProject(place, "/id");
    placesById.set(id, place);
    all.push({ place, ...identities.of(id), name, isNamed: false, archivedAt, createdAt });
  }

  function placeOfName(name: string): number {
    const place = placesByName.get(name) ?? all.length;
    if (place === all.length) {
      all.push({ place, id: null, digest: null, name, isNamed: true, archivedAt: null, createdAt: null });
    }
    placesByName.set(name, place);
    return place;
  }

  return {
    all,
    of(id: string | null, name: string | undefined): ProjectOfTask {
      const place = name === undefined ? placesById.get(id ?? "") : placeOfName(name);
      return place === undefined
        ? { projectPlace: null, projectId: id }
        : { projectPlace: place, projectId: null };
    },
  };
}

function parseProject(given: unknown, place: number): ImportedProject {
  const parsed = importedProject.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalidProject(place, pointerErrors(parsed.error)[0]?.pointer ?? "");
}

const invalidProject = (place: number, pointer: string) =>
  contentProblem(`must have valid projects with different ids; see /projects/${place}${pointer}`);
