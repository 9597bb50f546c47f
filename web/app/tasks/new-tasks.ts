import { createStore, dataOf, type Latchkey, ProblemError } from "@latchkey/client";
import type { Task } from "./task-entry.js";
import { type UnsentTask, unsentTasksOf } from "./unsent-tasks.js";

/** A task on its way to the server, with the failure of its last try. */
export type NewTask = UnsentTask & { failure?: unknown };

/** The pause before the next try after a failure that may pass. */
const retrySeconds = 30;

export type NewTasks = ReturnType<typeof createNewTasks>;

/** Creates the typed tasks one after the other, so that they keep their order. A reload continues where it stopped. */
export function createNewTasks(
  { api, session, beforeSignOut }: Latchkey,
  userId: string,
  onCreated: (task: Task) => void,
) {
  const unsent = unsentTasksOf(userId);
  const store = createStore<NewTask[]>(unsent.read());
  let isSending = false;
  let nextTry: ReturnType<typeof setTimeout> | undefined;

  /** Another user may have signed in to this tab since. */
  function isSignedIn(): boolean {
    const now = session.get();
    return now.state === "signed-in" && now.user.id === userId;
  }

  function forget(key: string): void {
    store.set(store.get().filter((task) => task.key !== key));
  }

  function remove(key: string): void {
    unsent.remove(key);
    forget(key);
  }

  function replace(key: string, by: NewTask): void {
    store.set(store.get().map((task) => (task.key === key ? by : task)));
  }

  function resume(): void {
    clearTimeout(nextTry);
    if (isSending) return;
    isSending = true;
    void beforeSignOut(sendAll());
  }

  async function sendAll(): Promise<void> {
    const nextTask = () => store.get().find(({ failure }) => !isRefusal(failure));
    for (let task = nextTask(); task && isSignedIn(); task = nextTask()) {
      if (!(await send(task))) break;
    }
    isSending = false;
  }

  /** @returns whether to go on with the next task */
  async function send(task: NewTask): Promise<boolean> {
    const { key, title } = task;
    const header = { "Idempotency-Key": key };
    try {
      const created = await dataOf(api.POST("/api/tasks", { params: { header }, body: { title } }));
      remove(key);
      onCreated(created);
      return true;
    } catch (error) {
      // The sign-in form says it, and the queue continues after the next sign-in.
      if (!isSessionEnd(error)) replace(key, { ...task, failure: error });
      if (isRefusal(error)) return true;
      const seconds = error instanceof ProblemError ? (error.retryAfter ?? 0) : 0;
      nextTry = setTimeout(resume, Math.max(seconds, retrySeconds) * 1000);
      return false;
    }
  }

  function add(title: string): void {
    const task = { key: crypto.randomUUID(), title: title.trim() };
    unsent.keep(task);
    store.set([...store.get(), task]);
    resume();
  }

  return {
    state: { get: store.get, subscribe: store.subscribe },
    add,
    /** Sends the tasks that wait, those of the previous visit and after a failure too. */
    resume,
    discard(key: string): void {
      remove(key);
      resume();
    },
    retry(key: string, title: string): void {
      const task = store.get().find((one) => one.key === key);
      if (!task) return;
      if (title === task.title) replace(key, { key, title });
      else {
        // The server has refused the title, so no task has this key yet. Another title is another request.
        const changed = { key: crypto.randomUUID(), title: title.trim() };
        unsent.remove(key);
        unsent.keep(changed);
        replace(key, changed);
      }
      resume();
    },
    /** Follows another tab that has created or discarded a task of the same browser. */
    follow(event: StorageEvent): void {
      const key = unsent.removedBy(event);
      if (key) forget(key);
    },
  };
}

const isSessionEnd = (error: unknown) =>
  error instanceof ProblemError && (error.status === 401 || error.code === "account-banned");

/** Failures that may pass, and that the tasks behind would meet too. */
const passingCodes: readonly string[] = ["unexpected", "rate-limited", "quota-exceeded"];

/** Whether the server has decided: the same request would fail again, and the tasks behind it need not wait. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ProblemError &&
  !passingCodes.includes(error.code) &&
  error.status >= 400 &&
  error.status < 500 &&
  !isSessionEnd(error);
