import { useEffect, useRef } from "preact/hooks";
import { Failure } from "../parts/failure.js";
import { Loading } from "../parts/loading.js";
import { More } from "../parts/more.js";
import { Page } from "../parts/page.js";
import { announce, latchkey } from "../session.js";
import { NewTask } from "../tasks/new-task.js";
import { filterNames } from "../tasks/status-name.js";
import { createTaskList, type Filter, type TaskList, type TaskListState } from "../tasks/task-list.js";
import { TaskRow } from "../tasks/task-row.js";
import { useStore } from "../use-store.js";

/** Outlives the view, so that what was typed is still there after a look elsewhere or a new sign-in. */
let kept: { userId: string; list: TaskList } | undefined;

function listOf(userId: string): TaskList {
  if (kept?.userId !== userId) kept = { userId, list: createTaskList(latchkey) };
  return kept.list;
}

latchkey.session.subscribe((session) => {
  if (session.state === "signed-out" && session.reason === "signed-out") kept = undefined;
});

export default function Tasks() {
  const session = useStore(latchkey.session);
  return session.state === "signed-in" ? <TasksOf key={session.user.id} userId={session.user.id} /> : null;
}

function TasksOf({ userId }: { userId: string }) {
  const list = listOf(userId);
  const state = useStore(list.state);
  useEffect(() => void list.load(list.state.get().filter), [list]);
  const rows = useRef<HTMLUListElement>(null);
  const isEmpty = state.entries.length === 0 && state.loading === "idle" && state.failure === undefined;
  return (
    <Page title="Tasks">
      <NewTask list={list} title={state.newTitle} />
      <FilterChoice chosen={state.filter} onChoose={(filter) => void choose(list, filter)} />
      {state.loading === "first" && state.entries.length === 0 && <Loading what="your tasks" />}
      {isEmpty && <Nothing filter={state.filter} />}
      <ul ref={rows} class="rows" aria-label="Tasks" aria-busy={state.loading !== "idle"}>
        {state.entries.map(
          (entry) => !entry.isRemoved && <TaskRow key={entry.task.id} list={list} entry={entry} />,
        )}
      </ul>
      {state.failure !== undefined && (
        <Failure error={state.failure} onRetry={() => void retry(list, state)} />
      )}
      {state.nextCursor && state.failure === undefined && (
        <More isBusy={state.loading === "more"} rows={rows} load={list.loadMore} />
      )}
    </Page>
  );
}

async function choose(list: TaskList, filter: Filter): Promise<void> {
  await list.load(filter);
  const { entries, nextCursor, ...now } = list.state.get();
  if (now.filter !== filter || now.failure !== undefined) return;
  announce(`${entries.length}${nextCursor ? " and more" : ""} shown.`);
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

function Nothing({ filter }: { filter: Filter }) {
  return (
    <div class="nothing">
      <p>
        <strong>
          {filter === "all" ? "No tasks yet" : `Nothing is “${filterNames[filter].toLowerCase()}”`}
        </strong>
      </p>
      <p>{filter === "all" ? "Write down the first one above." : "Tasks with this status show up here."}</p>
    </div>
  );
}
