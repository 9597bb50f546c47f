import { dataOf, type Latchkey, ProblemError } from "@latchkey/client";
import { createDeletions } from "./deletion.js";
import { type Change, currentTaskIn, draftOf, isApplied, type Task, type TaskEntry } from "./task-entry.js";

/** Access to the entries of the list. */
type Entries = {
  entryOf(id: string): TaskEntry | undefined;
  patchEntry(id: string, part: Partial<TaskEntry>): void;
  drop(id: string): void;
};

/** Optimistic edits of the tasks in a list: they show immediately and roll back when the server refuses them. */
export function createTaskEdits({ api, beforeSignOut }: Latchkey, { entryOf, patchEntry, drop }: Entries) {
  /** Changes to one task run in sequence, because each needs the version that the previous one created. */
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
    // An earlier change has failed, and the person has not decided yet.
    if (!entry?.change) return;
    const params = { path: { id }, header: { "If-Match": `"${entry.task.version}"` } };
    try {
      const task = await dataOf(api.PATCH("/api/tasks/{id}", { params, body: wanted }));
      settle(id, task, wanted);
    } catch (error) {
      const theirs = currentTaskIn(error);
      // The response to the first try was lost, and this retry found the change applied.
      if (theirs && isApplied(wanted, theirs)) return settle(id, theirs, wanted);
      // Includes the changes queued behind this one, since they will not be sent.
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
    hide(id);
    return enqueue(id, async () => {
      const entry = entryOf(id);
      if (!entry) return;
      const params = { path: { id }, header: { "If-Match": `"${entry.task.version}"` } };
      try {
        // The person may be closing the page, which ends Undo. The browser sends a `keepalive` request even so.
        await api.DELETE("/api/tasks/{id}", { params, keepalive: true });
        drop(id);
      } catch (error) {
        const theirs = currentTaskIn(error);
        if (isNotFound(error)) drop(id);
        else if (theirs)
          patchEntry(id, { isRemoved: false, task: theirs, conflict: { mine: "delete", theirs } });
        else patchEntry(id, { isRemoved: false, failure: { error, change: "delete" } });
      }
    });
  }

  function hide(id: string): void {
    patchEntry(id, { isRemoved: true, failure: undefined, conflict: undefined });
  }

  function enqueue(id: string, work: () => Promise<void>): Promise<void> {
    const done = (queues.get(id) ?? Promise.resolve()).then(work);
    queues.set(id, done);
    return beforeSignOut(done);
  }

  return {
    change,
    deletions: createDeletions({
      hide,
      show: (id) => patchEntry(id, { isRemoved: false }),
      send: remove,
    }),
    /** Repeats a change that failed or conflicted, now against the version on screen. */
    reapply(id: string): Promise<void> {
      const entry = entryOf(id);
      const wanted = entry?.conflict?.mine ?? entry?.failure?.change;
      if (!wanted) return Promise.resolve();
      return wanted === "delete" ? remove(id) : change(id, wanted);
    },
    /** Gives up a change that failed or conflicted, and keeps the server's version. */
    discard(id: string): void {
      if (isNotFound(entryOf(id)?.failure?.error)) drop(id);
      else patchEntry(id, { failure: undefined, conflict: undefined });
    },
  };
}

const isNotFound = (error: unknown) => error instanceof ProblemError && error.code === "not-found";
