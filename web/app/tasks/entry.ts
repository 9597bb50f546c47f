import { ProblemError } from "../../client/problem-error.js";
import type { components } from "../../client/schema.js";

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

/** Adds a page; what is being worked on here stays as it is. */
export function merge(before: Entry[], page: Task[], known: Entry[]): Entry[] {
  const fresh = page.filter(({ id }) => !before.some(({ task }) => task.id === id));
  return [
    ...before,
    ...fresh.map((task) => {
      const entry = known.find((one) => one.task.id === task.id);
      // Who has begun to edit a version is told when there is a newer one, instead of writing over it.
      return entry?.draft ? entry : { ...entry, task };
    }),
  ];
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
