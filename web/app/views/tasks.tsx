import { useEffect, useRef } from "preact/hooks";
import { announce } from "../announce.js";
import { Failure } from "../components/failure.js";
import { LoadMore } from "../components/load-more.js";
import { Loading } from "../components/loading.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import { NewTask } from "../tasks/new-task.js";
import { filterNames } from "../tasks/status-names.js";
import { createTaskList, type Filter, type TaskList, type TaskListState } from "../tasks/task-list.js";
import { TaskRow } from "../tasks/task-row.js";
import { useStore } from "../use-store.js";

/** Outlives the view, so that typed text survives navigation, and a new sign-in after the session ends. */
let cached: { userId: string; list: TaskList } | undefined;

function listFor(userId: string): TaskList {
  if (cached?.userId !== userId) cached = { userId, list: createTaskList(latchkey) };
  return cached.list;
}

latchkey.session.subscribe((session) => {
  if (session.state === "signed-out" && session.reason === "signed-out") cached = undefined;
});

export function Tasks() {
  const session = useStore(latchkey.session);
  return session.state === "signed-in" ? (
    <TasksOfUser key={session.user.id} userId={session.user.id} />
  ) : null;
}

function TasksOfUser({ userId }: { userId: string }) {
  const list = listFor(userId);
  const state = useStore(list.state);
  useEffect(() => void list.load(list.state.get().filter), [list]);
  const rows = useRef<HTMLUListElement>(null);
  const isEmpty = state.entries.length === 0 && state.loading === "idle" && state.failure === undefined;
  return (
    <Page title="Tasks">
      <NewTask list={list} title={state.newTitle} />
      <FilterChoice chosen={state.filter} onChoose={(filter) => void showFilter(list, filter)} />
      {state.loading === "first" && state.entries.length === 0 && <Loading what="your tasks" />}
      {isEmpty && <EmptyList filter={state.filter} />}
      <ul ref={rows} class="rows" aria-label="Tasks" aria-busy={state.loading !== "idle"}>
        {state.entries.map(
          (entry) => !entry.isRemoved && <TaskRow key={entry.task.id} list={list} entry={entry} />,
        )}
      </ul>
      {state.failure !== undefined && (
        <Failure error={state.failure} onRetry={() => void retry(list, state)} />
      )}
      {state.nextCursor && state.failure === undefined && (
        <LoadMore isBusy={state.loading === "more"} rows={rows} load={list.loadMore} />
      )}
    </Page>
  );
}

async function showFilter(list: TaskList, filter: Filter): Promise<void> {
  await list.load(filter);
  const { entries, nextCursor, ...now } = list.state.get();
  if (now.filter !== filter || now.failure !== undefined) return;
  announce(`${entries.length} shown${nextCursor ? ", more available" : ""}.`);
}

const retry = (list: TaskList, { entries, nextCursor, filter }: TaskListState) =>
  entries.length > 0 && nextCursor ? list.loadMore() : list.load(filter);

function FilterChoice({ chosen, onChoose }: { chosen: Filter; onChoose: (filter: Filter) => void }) {
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">Show</legend>
      {(Object.keys(filterNames) as Filter[]).map((filter) => (
        <label key={filter}>
          <input
            type="radio"
            name="filter"
            value={filter}
            checked={filter === chosen}
            onChange={() => onChoose(filter)}
          />
          <span>{filterNames[filter]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function EmptyList({ filter }: { filter: Filter }) {
  return (
    <div class="empty-state">
      <p>
        <strong>{filter === "all" ? "No tasks yet" : `No tasks ${filterNames[filter].toLowerCase()}`}</strong>
      </p>
      <p>{filter === "all" ? "Add your first one above." : "Tasks with this status appear here."}</p>
    </div>
  );
}
