import type { components } from "@latchkey/client";
import { ProblemError } from "@latchkey/client";
import { isShownAtFields } from "../components/field-messages.js";

export type Task = components["schemas"]["Task"];
export type Status = Task["status"];
export type Change = { title?: string; description?: string | null; status?: Status };
export type Draft = { title: string; description: string; status: Status };

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
export const displayedTask = ({ task, change }: TaskEntry): Task => ({ ...task, ...change });

/** Whether a request is pending or the person has a decision or edit to finish. A reload keeps such entries. */
export const isInUse = ({ change, isRemoved, draft, failure, conflict }: TaskEntry): boolean =>
  Boolean(change ?? isRemoved ?? draft ?? failure ?? conflict);

/** Whether the server refused the draft with errors that the editor's fields show. */
export const isRefusedDraft = ({ draft, failure }: TaskEntry): boolean =>
  draft !== undefined && isShownAtFields(failure?.error, ["title", "description"]);

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
  if (task.version <= entry.task.version) return entry;
  if (!isBasis) return { ...entry, task };
  // A reload reopened the editor before the response to its last save arrived.
  const isSaved = entry.draft && isApplied(changeFrom(entry.draft), task);
  return isSaved ? { task } : { ...entry, isOutdated: true };
}

/** The change that a draft makes to any task. */
export const changeFrom = ({ title, description, status }: Draft): Required<Change> => ({
  title: title.trim(),
  description: description.trim() === "" ? null : description,
  status,
});

/** The text to reopen the editor with, if the change came from there. */
export function draftOf(task: Task, change: Change): { draft?: Draft } {
  if (change.title === undefined && change.description === undefined) return {};
  const { title, description, status } = { ...task, ...change };
  return { draft: { title, description: description ?? "", status } };
}

/** The server's version of the task, if it refused the change because this tab's version is outdated. */
export const currentTaskIn = (error: unknown) =>
  error instanceof ProblemError && error.code === "precondition-failed" ? (error.current as Task) : undefined;

export const isApplied = (change: Change, task: Task) =>
  Object.entries(change).every(([name, value]) => task[name as keyof Change] === value);
