import { createStore, dataOf, type Latchkey } from "@latchkey/client";
import { type Draft, type Entry, isUnsettled, merge, type Status } from "./entry.js";
import { createTaskEdits } from "./task-edits.js";

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

/** The tasks of one person, page by page. */
export function createTaskList(latchkey: Latchkey) {
  const { api } = latchkey;
  const store = createStore(start);
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
    ...createTaskEdits(latchkey, { entryOf, patchEntry, drop }),
  };
}
