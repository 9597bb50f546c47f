import type { components } from "@latchkey/client";
import { ProblemError } from "@latchkey/client";
import { isShownAtFields } from "../components/field-messages.js";

export type Task = components["schemas"]["Task"];
export type Status = Task["status"];
export type Change = { title?: string; description?: string | null; status?: Status };
export type Draft = { title: string; description: string };

/** A task in the list: what the server last returned, and what this tab is doing with it. */
export type TaskEntry = {
  task: Task;
  /** Sent, but not confirmed. Shown already, and rolled back when the server refuses it. */
  change?: Change | undefined;
  isRemoved?: boolean | undefined;
  draft?: Draft | undefined;
  failure?: { error: unknown; change: Change | "delete" } | undefined;
  /** The server has another version than the one that was changed here. */
  conflict?: { mine: Change | "delete"; theirs: Task } | undefined;
};

/** The task as the person sees it, with the change that is still on its way. */
export const displayedTask = ({ task, change }: TaskEntry): Task => ({ ...task, ...change });

/** Whether a request or the person is still busy with the task. A reload must then keep the entry. */
export const isInUse = ({ change, isRemoved, draft, failure, conflict }: TaskEntry): boolean =>
  Boolean(change ?? isRemoved ?? draft ?? failure ?? conflict);

/** Whether the server refused what is typed in the editor, whose fields then say why. */
export const isRefusedDraft = ({ draft, failure }: TaskEntry): boolean =>
  draft !== undefined && isShownAtFields(failure?.error, ["title", "description"]);

/** A fetched page together with the known entries to keep, newest first: ids grow with time. */
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
  const isOutdated = task.version < entry.task.version;
  return isBasis || isOutdated ? entry : { ...entry, task };
}

/** The text to reopen the editor with, if the change came from there. */
export function draftOf({ title, description }: Task, change: Change): { draft?: Draft } {
  if (change.title === undefined && change.description === undefined) return {};
  const typed = { title, description, ...change };
  return { draft: { title: typed.title, description: typed.description ?? "" } };
}

/** The server's version, if the error is that ours was outdated. */
export const currentTaskIn = (error: unknown) =>
  error instanceof ProblemError && error.code === "precondition-failed" ? (error.current as Task) : undefined;

export const isApplied = (change: Change, task: Task) =>
  Object.entries(change).every(([name, value]) => task[name as keyof Change] === value);
