import type { components } from "@latchkey/client";
import { ProblemError } from "@latchkey/client";

export type Task = components["schemas"]["Task"];
export type Status = Task["status"];
export type Change = { title?: string; description?: string | null; status?: Status };
export type Draft = { title: string; description: string };

/** One task: as the server had it last, and what is on its way there. */
export type Entry = {
  task: Task;
  /** Shown already, and taken back when the server refuses. */
  change?: Change | undefined;
  isRemoved?: boolean | undefined;
  draft?: Draft | undefined;
  failure?: { error: unknown; change: Change | "delete" } | undefined;
  /** The server has another version than the one that was changed here. */
  conflict?: { mine: Change | "delete"; theirs: Task } | undefined;
};

/** What a person sees of a task: their own change, as if it were made. */
export const shownOf = ({ task, change }: Entry): Task => ({ ...task, ...change });

/** Something of this tab's is under way with it, or waits for the person: it stays, whatever is loaded. */
export const isUnsettled = ({ change, isRemoved, draft, failure, conflict }: Entry): boolean =>
  Boolean(change ?? isRemoved ?? draft ?? failure ?? conflict);

/** The tasks of a page with those known ones that stay, newest first; ids grow with time. */
export function merge(known: Entry[], page: Task[], stays: (entry: Entry) => boolean): Entry[] {
  const fresh = page.map((task) =>
    adopt(
      task,
      known.find((entry) => entry.task.id === task.id),
    ),
  );
  const others = known.filter((entry) => stays(entry) && !page.some(({ id }) => id === entry.task.id));
  return [...fresh, ...others].sort((one, other) => (one.task.id < other.task.id ? 1 : -1));
}

function adopt(task: Task, entry: Entry | undefined): Entry {
  if (!entry) return { task };
  // Who edits a version, or chooses between two, is told when there is a newer one, instead of writing over it.
  const isSeen = entry.draft !== undefined || entry.conflict !== undefined;
  // A page that was read before a change had come through is behind it.
  return isSeen || task.version < entry.task.version ? entry : { ...entry, task };
}

/** The editor again, with what was typed there. */
export function draftOf({ title, description }: Task, change: Change): { draft?: Draft } {
  if (change.title === undefined && change.description === undefined) return {};
  const typed = { title, description, ...change };
  return { draft: { title: typed.title, description: typed.description ?? "" } };
}

/** What the server has, when that is why it refused. */
export const currentOf = (error: unknown) =>
  error instanceof ProblemError && error.code === "precondition-failed" ? (error.current as Task) : undefined;

export const isContained = (change: Change, task: Task) =>
  Object.entries(change).every(([name, value]) => task[name as keyof Change] === value);
