import { useEffect, useRef } from "preact/hooks";
import { announce } from "../announce.js";
import { Failure } from "../components/failure.js";
import { isShownAtFields } from "../components/field-messages.js";
import { LoadMore } from "../components/load-more.js";
import { Loading } from "../components/loading.js";
import { Page } from "../components/page.js";
import { latchkey } from "../latchkey.js";
import { NewTask } from "../tasks/new-task.js";
import { NewTaskRow } from "../tasks/new-task-row.js";
import { filterNames } from "../tasks/status-names.js";
import type { Filter, Selection, TaskList, TaskListState } from "../tasks/task-list.js";
import { taskListOf } from "../tasks/task-lists.js";
import { TaskRow } from "../tasks/task-row.js";
import { TaskSearch } from "../tasks/task-search.js";
import { UndoNotice } from "../tasks/undo-notice.js";
import { useMinute } from "../use-minute.js";
import { useStore } from "../use-store.js";

export function Tasks() {
  const session = useStore(latchkey.session);
  return session.state === "signed-in" ? (
    <TasksOfUser key={session.user.id} userId={session.user.id} />
  ) : null;
}

function TasksOfUser({ userId }: { userId: string }) {
  const list = taskListOf(userId);
  const state = useStore(list.state);
  const newTasks = useStore(list.newTasks.state);
  useEffect(() => {
    void list.load(list.state.get());
    return list.deletions.finish;
  }, [list]);
  // "Today" and "overdue" pass.
  useMinute();
  const rows = useRef<HTMLUListElement>(null);
  const shown = state.entries.filter(({ isRemoved }) => !isRemoved);
  const hasNothing = shown.length === 0 && newTasks.length === 0;
  const isEmpty = hasNothing && state.loading === "idle" && state.failure === undefined;
  return (
    <Page title="Tasks">
      <NewTask list={list} title={state.newTitle} />
      <search class="task-search">
        <FilterChoice chosen={state.filter} onChoose={(filter) => void select(list, { filter })} />
        <TaskSearch
          search={state.search}
          failure={state.failure}
          onSearch={(search) => void select(list, { search })}
        />
      </search>
      {state.loading === "first" && hasNothing && <Loading what="your tasks" />}
      {isEmpty && <EmptyList filter={state.filter} search={state.search} />}
      <ul ref={rows} class="rows" aria-label="Tasks" aria-busy={state.loading !== "idle"}>
        {newTasks.toReversed().map((task) => (
          <NewTaskRow
            key={task.key}
            newTasks={list.newTasks}
            task={task}
            // The notice of the list already says what is wrong.
            hidesFailure={state.failure !== undefined}
          />
        ))}
        {shown.map((entry) => (
          <TaskRow key={entry.task.id} list={list} entry={entry} />
        ))}
      </ul>
      <UndoNotice deletions={list.deletions} />
      {state.failure !== undefined && !isShownAtFields(state.failure, ["q"]) && (
        <Failure error={state.failure} onRetry={() => void retry(list, state)} />
      )}
      {state.nextCursor && state.failure === undefined && (
        <LoadMore isBusy={state.loading === "more"} rows={rows} load={list.loadMore} />
      )}
    </Page>
  );
}

async function select(list: TaskList, part: Partial<Selection>): Promise<void> {
  const wanted = { ...list.state.get(), ...part };
  await list.load(wanted);
  const { entries, nextCursor, ...now } = list.state.get();
  const isLatest = now.filter === wanted.filter && now.search === wanted.search;
  if (!isLatest || now.loading !== "idle" || now.failure !== undefined) return;
  announce(`${entries.length} ${now.search ? "found" : "shown"}${nextCursor ? ", more available" : ""}.`);
}

const retry = (list: TaskList, state: TaskListState) =>
  state.entries.length > 0 && state.nextCursor ? list.loadMore() : list.load(state);

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

function EmptyList({ filter, search }: Selection) {
  if (search) return <NoMatch filter={filter} search={search} />;
  return (
    <div class="empty-state">
      <p>
        <strong>{filter === "all" ? "No tasks yet" : `No tasks ${filterNames[filter].toLowerCase()}`}</strong>
      </p>
      <p>{filter === "all" ? "Add your first one above." : "Tasks with this status appear here."}</p>
    </div>
  );
}

function NoMatch({ filter, search }: Selection) {
  return (
    <div class="empty-state">
      <p class="break-anywhere">
        <strong>
          No tasks match “<bdi>{search}</bdi>”
        </strong>
      </p>
      <p>
        {filter === "all"
          ? "Try fewer words, or parts of words."
          : `Only tasks with the status “${filterNames[filter]}” are searched.`}
      </p>
    </div>
  );
}
