import type { components } from "@latchkey/client";
import { ProblemError } from "@latchkey/client";
import { isShownAtFields } from "../components/field-messages.js";
import type { WallTime } from "../viewer-time-zone.js";
import { dueOf, isSameDue, wallTimeOfDue } from "./due.js";

export type Task = components["schemas"]["Task"];
export type Status = Task["status"];
export type Change = Partial<Pick<Task, "title" | "description" | "status" | "priority" | "due">>;
/** The fields of the editor. Without `priority` or `due`, the person has not touched that field. */
export type Draft = {
  title: string;
  description: string;
  status: Status;
  priority?: number | undefined;
  due?: WallTime | undefined;
};

/** A task in the list: the version that the server last returned, and this tab's unfinished work on it. */
export type TaskEntry = {
  task: Task;
  /** Sent but not confirmed. The list shows it immediately and rolls it back if the server refuses it. */
  change?: Change | undefined;
  isRemoved?: boolean | undefined;
  draft?: Draft | undefined;
  /** The server has a newer version than the one that the draft builds on. */
  isOutdated?: boolean | undefined;
  failure?: { error: unknown; change: Change | "delete" } | undefined;
  /** The task was changed elsewhere: the server has a newer version than the one that this tab changed. */
  conflict?: { mine: Change | "delete"; theirs: Task } | undefined;
};

/** The task as the list shows it, including the change that is not confirmed yet. */
export const displayedTask = ({ task, change }: TaskEntry): Task => withChange(task, change);

export const withChange = (task: Task, change: Change | undefined): Task => ({
  ...task,
  ...change,
  // The response brings the instant of the new date.
  ...(change?.due === undefined ? {} : { dueAt: null }),
});

/** Whether a request is pending or the person has a decision or edit to finish. A reload keeps such entries. */
export const isInUse = ({ change, isRemoved, draft, failure, conflict }: TaskEntry): boolean =>
  Boolean(change ?? isRemoved ?? draft ?? failure ?? conflict);

/** Whether the server refused the draft with errors that the editor's fields show. */
export const isRefusedDraft = ({ draft, failure }: TaskEntry): boolean =>
  draft !== undefined && isShownAtFields(failure?.error, ["title", "description", "due/date", "due/time"]);

/** Merges a fetched page with the known entries to keep. Newest first: a UUIDv7 grows with time. */
export function mergePage(
  known: TaskEntry[],
  page: Task[],
  shouldKeep: (entry: TaskEntry) => boolean,
): TaskEntry[] {
  const fetched = page.map((task) =>
    updateEntry(
      known.find((entry) => entry.task.id === task.id),
      task,
    ),
  );
  const kept = known.filter((entry) => shouldKeep(entry) && !page.some(({ id }) => id === entry.task.id));
  return [...fetched, ...kept].sort((one, other) => (one.task.id < other.task.id ? 1 : -1));
}

function updateEntry(entry: TaskEntry | undefined, task: Task): TaskEntry {
  if (!entry) return { task };
  // An edit or a choice builds on the version on screen. Saving must report a newer one, not overwrite it.
  const isBasis = entry.draft !== undefined || entry.conflict !== undefined;
  // The page may have been read before the latest change was saved.
  if (task.version < entry.task.version) return entry;
  // An earlier release may have stored the same version with fewer members.
  if (!isBasis || task.version === entry.task.version) return { ...entry, task };
  // A reload reopened the editor before the response to its last save arrived.
  const isSaved = entry.draft && isApplied(changeFrom(entry.draft), task);
  return isSaved ? { task } : { ...entry, isOutdated: true };
}

/** The change that a draft makes to any task. */
const changeFrom = ({ title, description, status, priority, due }: Draft): Change => ({
  title: title.trim(),
  description: description.trim() === "" ? null : description,
  status,
  ...(priority === undefined ? {} : { priority }),
  ...(due === undefined ? {} : { due: dueOf(due) }),
});

/** The parts of the task that the draft changes. */
export function changedParts(draft: Draft, entry: TaskEntry): Change {
  const shown = displayedTask(entry);
  const parts = Object.entries(changeFrom(draft)).filter(
    ([name, value]) => !isApplied({ [name]: value }, shown),
  );
  return Object.fromEntries(parts);
}

/** Whether the editor made the change. The checkbox changes only the status. */
export const isFromEditor = (change: Change): boolean =>
  Object.keys(change).some((name) => name !== "status");

/** The text to reopen the editor with, if the change came from there. */
export function draftOf(task: Task, change: Change): { draft?: Draft } {
  if (!isFromEditor(change)) return {};
  const { title, description, status } = { ...task, ...change };
  const { priority, due } = change;
  return {
    draft: {
      title,
      description: description ?? "",
      status,
      priority,
      due: due === undefined ? undefined : wallTimeOfDue({ due, dueAt: null }),
    },
  };
}

/** The server's version of the task, if it refused the change because this tab's version is outdated. */
export const currentTaskIn = (error: unknown) =>
  error instanceof ProblemError && error.code === "precondition-failed" ? (error.current as Task) : undefined;

export const isApplied = ({ due, ...rest }: Change, task: Task) =>
  (due === undefined || isSameDue(due, task.due)) &&
  Object.entries(rest).every(([name, value]) => task[name as keyof typeof rest] === value);
