import type { Task } from "../tasks/shapes.js";
import { type ContentLine, dateValue, linesOf, textValue, utcValue } from "./content-lines.js";

/** A task in a calendar. The feed omits completed tasks and the parents of subtasks; an export has both. */
export type PublishedTask = Partial<Pick<Task, "completedAt" | "parentId">> &
  Pick<
    Task,
    | "id"
    | "title"
    | "description"
    | "status"
    | "priority"
    | "dueAt"
    | "deadline"
    | "labels"
    | "version"
    | "createdAt"
    | "updatedAt"
  > & { dueDate: string | null };

/** Entity tags start with it. Increment it whenever this file or `feedLimits` changes the bytes of a feed. */
export const calendarFormat = 1;

const name = "Latchkey";
/** How often calendar programs should poll. */
const refreshInterval = "PT1H";

const start: readonly ContentLine[] = [
  ["BEGIN", "VCALENDAR"],
  ["VERSION", "2.0"],
  ["PRODID", "-//Latchkey//Tasks//EN"],
];

const end: readonly ContentLine[] = [["END", "VCALENDAR"]];

const feedProperties: readonly ContentLine[] = [
  // RFC 7986, and the de facto names that older programs read.
  ["NAME", name],
  ["X-WR-CALNAME", name],
  ["REFRESH-INTERVAL;VALUE=DURATION", refreshInterval],
  ["X-PUBLISHED-TTL", refreshInterval],
];

/** RFC 5545 section 3.8.1.9: 1 is the highest priority and 9 the lowest. Priority 0 has no property, which means undefined. */
const priorities: Record<number, string> = { 3: "1", 2: "5", 1: "9" };

const statuses: Record<Task["status"], string> = {
  todo: "NEEDS-ACTION",
  in_progress: "IN-PROCESS",
  done: "COMPLETED",
};

/** A task without a due date is due on its deadline. Times are in UTC, so the calendar needs no VTIMEZONE. */
function dueOf({ dueAt, dueDate, deadline }: PublishedTask): ContentLine[] {
  if (dueAt) return [["DUE", utcValue(dueAt)]];
  const date = dueDate ?? deadline;
  return date ? [["DUE;VALUE=DATE", dateValue(date)]] : [];
}

const uidOf = (id: string) => `urn:uuid:${id}`;

function linesOfTask(task: PublishedTask): ContentLine[] {
  const priority = priorities[task.priority];
  return [
    ["BEGIN", "VTODO"],
    ["UID", uidOf(task.id)],
    ["DTSTAMP", utcValue(task.updatedAt)],
    ["CREATED", utcValue(task.createdAt)],
    ["LAST-MODIFIED", utcValue(task.updatedAt)],
    ["SEQUENCE", String(task.version - 1)],
    ["SUMMARY", textValue(task.title)],
    ...(task.description ? [["DESCRIPTION", textValue(task.description)] as const] : []),
    ["STATUS", statuses[task.status]],
    ...(task.completedAt ? [["COMPLETED", utcValue(task.completedAt)] as const] : []),
    ...(task.parentId ? [["RELATED-TO", uidOf(task.parentId)] as const] : []),
    ...(priority ? [["PRIORITY", priority] as const] : []),
    ...dueOf(task),
    ...(task.labels.length > 0 ? [["CATEGORIES", task.labels.map(textValue).join(",")] as const] : []),
    ["END", "VTODO"],
  ];
}

/** A calendar in parts, for an export that is streamed: the start, any number of tasks, the end. */
export const calendarStart = linesOf(start);
export const calendarTasks = (tasks: readonly PublishedTask[]): string => linesOf(tasks.flatMap(linesOfTask));
export const calendarEnd = linesOf(end);

/** The calendar of a feed as text. The same tasks give the same bytes. */
export const calendarOf = (tasks: readonly PublishedTask[]): string =>
  calendarStart + linesOf(feedProperties) + calendarTasks(tasks) + calendarEnd;
