import { dataOf, type Latchkey } from "../../client/latchkey.js";
import { ProblemError } from "../../client/problem-error.js";
import { createStore } from "../../client/store.js";
import {
  type Change,
  currentOf,
  type Draft,
  draftOf,
  type Entry,
  isContained,
  isUnsettled,
  merge,
  type Status,
  type Task,
} from "./entry.js";

export type Filter = Status | "all";

export type TaskListState = {
  filter: Filter;
  entries: Entry[];
  nextCursor: string | null;
  loading: "first" | "more" | "idle";
  failure: unknown;
  newTitle: string;
};

const pageSize = "25";
const start: TaskListState = {
  filter: "all",
  entries: [],
  nextCursor: null,
  loading: "first",
  failure: undefined,
  newTitle: "",
};

export type TaskList = ReturnType<typeof createTaskList>;

/** The tasks of one person: edits show at once, and roll back. */
export function createTaskList({ api }: Latchkey) {
  const store = createStore(start);
  /** Changes of one task go one after another, each on the version that the last has made. */
  const queues = new Map<string, Promise<void>>();
  let newest = 0;
  /** What was made and what was deleted while a page was on its way, which may have been read before. */
  const meanwhile = { made: new Set<string>(), deleted: new Set<string>() };
  let createKey = { title: "", key: "" };

  const patch = (part: Partial<TaskListState>) => store.set({ ...store.get(), ...part });
  const entryOf = (id: string) => store.get().entries.find(({ task }) => task.id === id);
  const patchEntry = (id: string, part: Partial<Entry>) =>
    patch({
      entries: store.get().entries.map((entry) => (entry.task.id === id ? { ...entry, ...part } : entry)),
    });
  function drop(id: string): void {
    meanwhile.deleted.add(id);
    patch({ entries: store.get().entries.filter(({ task }) => task.id !== id) });
  }

  async function load(filter: Filter): Promise<void> {
    const isOther = filter !== store.get().filter;
    patch({
      filter,
      loading: "first",
      failure: undefined,
      ...(isOther ? { entries: store.get().entries.filter(isUnsettled), nextCursor: null } : {}),
    });
    await fetchPage(undefined);
  }

  async function fetchPage(cursor: string | undefined): Promise<void> {
    newest += 1;
    const turn = newest;
    meanwhile.made.clear();
    meanwhile.deleted.clear();
    const { filter } = store.get();
    const query = {
      limit: pageSize,
      ...(filter === "all" ? {} : { status: filter }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    try {
      const page = await dataOf(api.GET("/api/tasks", { params: { query } }));
      // An answer that was overtaken would show the tasks of another filter.
      if (turn !== newest) return;
      const { entries } = store.get();
      patch({
        entries: merge(
          entries,
          page.data.filter(({ id }) => !meanwhile.deleted.has(id)),
          (entry) => cursor !== undefined || isUnsettled(entry) || meanwhile.made.has(entry.task.id),
        ),
        nextCursor: page.nextCursor,
        loading: "idle",
      });
    } catch (error) {
      if (turn === newest) patch({ loading: "idle", failure: error });
    }
  }

  /** @throws ProblemError; the title stays typed */
  async function add(): Promise<void> {
    const title = store.get().newTitle;
    // Another try of the same is the same create, should the answer to the first have been lost.
    if (createKey.title !== title) createKey = { title, key: crypto.randomUUID() };
    const header = { "Idempotency-Key": createKey.key };
    const task = await dataOf(api.POST("/api/tasks", { params: { header }, body: { title } }));
    createKey = { title: "", key: "" };
    meanwhile.made.add(task.id);
    const { entries, newTitle } = store.get();
    patch({
      entries: [{ task }, ...entries.filter((entry) => entry.task.id !== task.id)],
      newTitle: newTitle === title ? "" : newTitle,
    });
  }

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
    return done;
  }

  return {
    state: { get: store.get, subscribe: store.subscribe },
    load,
    async loadMore(): Promise<void> {
      patch({ loading: "more", failure: undefined });
      await fetchPage(store.get().nextCursor ?? undefined);
    },
    add,
    type: (newTitle: string) => patch({ newTitle }),
    draft: (id: string, draft: Draft | undefined) => patchEntry(id, { draft }),
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
