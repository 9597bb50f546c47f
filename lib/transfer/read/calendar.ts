import { readDue, readInstant } from "./calendar-due.js";
import { type Component, readComponents, textOf, textsOf, valueIn } from "./calendar-lines.js";
import { type ParentLink, parentLinksOf, uidOf } from "./calendar-parents.js";
import { contentProblem, requireFewRows, type SourceFile, type SourceTask } from "./source-file.js";

const statuses: Record<string, string> = {
  "NEEDS-ACTION": "todo",
  "IN-PROCESS": "in_progress",
  COMPLETED: "done",
  CANCELLED: "done",
};

/** Components that do not count as rows. */
const definitions = ["VTIMEZONE"];

/** Properties that change single occurrences, which a task cannot express. */
const exceptions = ["EXDATE", "RDATE", "RECURRENCE-ID"];

/** UIDs that an export wrote contain the id of the task. */
const ownUid = /^urn:uuid:([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$/i;

/** Reads the VTODOs of a calendar. @throws Problem `invalid-request` */
export function readCalendar(content: string, timeZone: string | undefined): SourceFile {
  const components = readComponents(content);
  if (!components) throw contentProblem("must be iCalendar, from BEGIN:VCALENDAR to END:VCALENDAR");
  const rows = components.filter(({ name }) => !definitions.includes(name));
  requireFewRows(rows);
  const places = parentLinksOf(rows);
  return {
    rows: rows.map((component, row) =>
      component.name === "VTODO"
        ? taskOf(component, places[row] ?? { notes: [] }, timeZone)
        : { skipped: "Only VTODOs are tasks." },
    ),
  };
}

const idIn = (uid = ""): string | undefined => ownUid.exec(uid)?.[1];

function taskOf(component: Component, place: ParentLink, timeZone: string | undefined): SourceTask {
  const value = (name: string) => valueIn(component, name);
  const due = component.properties.find(({ name }) => name === "DUE");
  const read = due ? readDue(due, timeZone) : { notes: [] };
  const [rule, completed, created] = [value("RRULE"), value("COMPLETED"), value("CREATED")];
  const uid = uidOf(component);
  // A parent that is not in the file may come from an earlier import.
  const parentId = idIn(place.missingParent);
  const task = {
    id: idIn(uid),
    title: titleOf(value("SUMMARY")),
    description: textOf(value("DESCRIPTION") ?? "") || undefined,
    status: statuses[(value("STATUS") ?? "").toUpperCase()] ?? (completed ? "done" : undefined),
    priority: priorityOf(value("PRIORITY")),
    due: read.due,
    // UNTIL must be a date here, so its time is dropped.
    recurrence: rule && { rule: rule.replace(/(UNTIL=\d{8})T\d{6}Z?/, "$1"), from: "due" },
    labels: component.properties
      .filter(({ name }) => name === "CATEGORIES")
      .flatMap((property) => textsOf(property.value)),
    parentId,
    completedAt: completed && readInstant(completed),
    createdAt: created && readInstant(created),
  };
  const notes = [
    ...read.notes,
    ...place.notes,
    ...exceptions.filter((name) => value(name)).map((name) => `${name} was left out.`),
    ...(place.missingParent && !parentId ? ["The parent was left out: the file does not have it."] : []),
    ...(completed && !task.completedAt ? ["The time of completion was left out."] : []),
    ...(created && !task.createdAt ? ["The time of creation was left out."] : []),
  ];
  return { task, uid: uid && `uid ${uid}`, parentRow: place.parentRow, notes, isRecurrenceOptional: true };
}

/** Turns line breaks and control characters into spaces, because a title is one line. */
const titleOf = (summary: string | undefined): string | undefined =>
  summary && textOf(summary).replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");

/** The inverse of the export, extended to the whole scale of RFC 5545 section 3.8.1.9. */
function priorityOf(value = "0"): number {
  const priority = Number.parseInt(value, 10);
  if (priority >= 1 && priority <= 4) return 3;
  if (priority === 5) return 2;
  return priority >= 6 && priority <= 9 ? 1 : 0;
}
