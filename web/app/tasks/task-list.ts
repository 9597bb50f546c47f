import { createStore, dataOf, type Latchkey } from "@latchkey/client";
import { createNewTasks } from "./new-tasks.js";
import { createTaskEdits } from "./task-edits.js";
import { type Draft, isInUse, mergePage, type Status, type Task, type TaskEntry } from "./task-entry.js";
import { unsavedTextOf } from "./unsaved-text.js";

export type Filter = Status | "all";
/** The tasks to show: those with a status that contain every word of `search`. */
export type Selection = { filter: Filter; search: string };

export type TaskListState = Selection & {
  entries: TaskEntry[];
  nextCursor: string | null;
  loading: "first" | "more" | "idle";
  failure: unknown;
  /** The new task that is being typed. */
  newTitle: string;
};

const pageSize = 25;
const initialState: TaskListState = {
  filter: "all",
  search: "",
  entries: [],
  nextCursor: null,
  loading: "first",
  failure: undefined,
  newTitle: "",
};

export type TaskList = ReturnType<typeof createTaskList>;

/** The tasks of a signed-in user, page by page. */
export function createTaskList(latchkey: Latchkey, userId: string) {
  const { api } = latchkey;
  const unsaved = unsavedTextOf(userId);
  const { newTitle, edits } = unsaved.read();
  const store = createStore({ ...initialState, newTitle, entries: edits as TaskEntry[] });
  store.subscribe(unsaved.keep);
  let latestFetch = 0;
  /** The search that found the entries. */
  let entriesSearch = "";
  /** Ids of tasks created and deleted during a fetch. The server may have read the page before that. */
  const duringFetch = { created: new Set<string>(), deleted: new Set<string>() };

  const patch = (part: Partial<TaskListState>) => store.set({ ...store.get(), ...part });
  const entryOf = (id: string) => store.get().entries.find(({ task }) => task.id === id);
  const patchEntry = (id: string, part: Partial<TaskEntry>) =>
    patch({
      entries: store.get().entries.map((entry) => (entry.task.id === id ? { ...entry, ...part } : entry)),
    });
  function drop(id: string): void {
    duringFetch.deleted.add(id);
    patch({ entries: store.get().entries.filter(({ task }) => task.id !== id) });
  }

  const keepOnlyUsed = () => patch({ entries: store.get().entries.filter(isInUse) });

  async function load({ filter, search }: Selection): Promise<void> {
    const before = store.get();
    const isNew = filter !== before.filter || search !== before.search;
    patch({ filter, search, loading: "first", failure: undefined, ...(isNew ? { nextCursor: null } : {}) });
    // While someone types a search, the rows stay until the response, so that they do not flicker.
    if (filter !== before.filter) keepOnlyUsed();
    await fetchPage(undefined);
  }

  async function fetchPage(cursor: string | undefined): Promise<void> {
    latestFetch += 1;
    const fetchNumber = latestFetch;
    duringFetch.created.clear();
    duringFetch.deleted.clear();
    const { filter, search } = store.get();
    const query = {
      limit: pageSize,
      ...(filter === "all" ? {} : { status: filter }),
      ...(search === "" ? {} : { q: search }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    try {
      const page = await dataOf(api.GET("/api/tasks", { params: { query } }));
      // A later fetch may be for another selection.
      if (fetchNumber !== latestFetch) return;
      entriesSearch = search;
      patch({
        entries: mergePage(
          store.get().entries,
          page.data.filter(({ id }) => !duringFetch.deleted.has(id)),
          (entry) => cursor !== undefined || isInUse(entry) || duringFetch.created.has(entry.task.id),
        ),
        nextCursor: page.nextCursor,
        loading: "idle",
      });
      newTasks.resume();
    } catch (error) {
      if (fetchNumber !== latestFetch) return;
      if (search !== entriesSearch) keepOnlyUsed();
      patch({ loading: "idle", failure: error });
    }
  }

  function insert(task: Task): void {
    duringFetch.created.add(task.id);
    patch({ entries: [{ task }, ...store.get().entries.filter((entry) => entry.task.id !== task.id)] });
  }

  const newTasks = createNewTasks(latchkey, userId, insert);

  return {
    state: { get: store.get, subscribe: store.subscribe },
    load,
    async loadMore(): Promise<void> {
      patch({ loading: "more", failure: undefined });
      await fetchPage(store.get().nextCursor ?? undefined);
    },
    newTasks,
    setNewTitle: (newTitle: string) => patch({ newTitle }),
    setDraft: (id: string, draft: Draft | undefined) =>
      patchEntry(id, { draft, ...(draft ? {} : { isOutdated: false }) }),
    ...createTaskEdits(latchkey, { entryOf, patchEntry, drop }),
  };
}
