import { dataOf, type Latchkey, ProblemError } from "@latchkey/client";
import { type Change, currentOf, draftOf, type Entry, isContained, type Task } from "./entry.js";

/** What the list lets an edit do with it. */
type Entries = {
  entryOf(id: string): Entry | undefined;
  patchEntry(id: string, part: Partial<Entry>): void;
  drop(id: string): void;
};

/** Edits of the tasks in a list: they show at once, and roll back. */
export function createTaskEdits({ api, beforeSignOut }: Latchkey, { entryOf, patchEntry, drop }: Entries) {
  /** Changes of one task go one after another, each on the version that the last has made. */
  const queues = new Map<string, Promise<void>>();

  function change(id: string, wanted: Change): Promise<void> {
    patchEntry(id, {
      change: { ...entryOf(id)?.change, ...wanted },
      failure: undefined,
      conflict: undefined,
    });
    return enqueue(id, () => send(id, wanted));
  }

  async function send(id: string, wanted: Change): Promise<void> {
    const entry = entryOf(id);
    // A change before this one has failed, and the person has not decided yet.
    if (!entry?.change) return;
    const params = { path: { id }, header: { "If-Match": `"${entry.task.version}"` } };
    try {
      const task = await dataOf(api.PATCH("/api/tasks/{id}", { params, body: wanted }));
      settle(id, task, wanted);
    } catch (error) {
      const theirs = currentOf(error);
      // A retry after a lost answer meets its own work.
      if (theirs && isContained(wanted, theirs)) return settle(id, theirs, wanted);
      // With what waits behind it: nothing of it was done.
      const mine = entryOf(id)?.change ?? wanted;
      if (theirs) patchEntry(id, { change: undefined, task: theirs, conflict: { mine, theirs } });
      else
        patchEntry(id, { change: undefined, failure: { error, change: mine }, ...draftOf(entry.task, mine) });
    }
  }

  function settle(id: string, task: Task, done: Change): void {
    const rest = Object.entries(entryOf(id)?.change ?? {}).filter(
      ([name, value]) => done[name as keyof Change] !== value,
    );
    patchEntry(id, { task, change: rest.length > 0 ? Object.fromEntries(rest) : undefined });
  }

  function remove(id: string): Promise<void> {
    patchEntry(id, { isRemoved: true, failure: undefined, conflict: undefined });
    return enqueue(id, async () => {
      const entry = entryOf(id);
      if (!entry) return;
      const params = { path: { id }, header: { "If-Match": `"${entry.task.version}"` } };
      try {
        await api.DELETE("/api/tasks/{id}", { params });
        drop(id);
      } catch (error) {
        const theirs = currentOf(error);
        if (error instanceof ProblemError && error.code === "not-found") drop(id);
        else if (theirs)
          patchEntry(id, { isRemoved: false, task: theirs, conflict: { mine: "delete", theirs } });
        else patchEntry(id, { isRemoved: false, failure: { error, change: "delete" } });
      }
    });
  }

  function enqueue(id: string, work: () => Promise<void>): Promise<void> {
    const done = (queues.get(id) ?? Promise.resolve()).then(work);
    queues.set(id, done);
    return beforeSignOut(done);
  }

  return {
    change,
    remove,
    /** Does again what has failed or what met another version; now on the version that was shown. */
    insist(id: string): Promise<void> {
      const entry = entryOf(id);
      const wanted = entry?.conflict?.mine ?? entry?.failure?.change;
      if (!wanted) return Promise.resolve();
      return wanted === "delete" ? remove(id) : change(id, wanted);
    },
    /** Leaves it at what the server has. */
    yieldTo(id: string): void {
      const { error } = entryOf(id)?.failure ?? {};
      if (error instanceof ProblemError && error.code === "not-found") drop(id);
      else patchEntry(id, { failure: undefined, conflict: undefined });
    },
  };
}
