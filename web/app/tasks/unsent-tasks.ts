import { createBrowserStorage } from "../browser-storage.js";

/**
 * A task that was typed but not created yet. `key` is its Idempotency-Key, which makes retries safe for a day. A task
 * that waits longer is sent even so: a second copy is better than a lost one.
 */
export type UnsentTask = { key: string; title: string };

// Survives the tab: the person may close it right after Enter. One item per task, so that tabs never overwrite each other.
const storage = createBrowserStorage("localStorage");
let lastNumber = 0;

/** The unsent tasks of a user that this browser keeps until the server has them or the user signs out. */
export function unsentTasksOf(userId: string) {
  const prefix = `latchkey-unsent-task ${userId} `;
  return {
    read(): UnsentTask[] {
      const items = storage.keys(prefix).map((name) => ({ name, value: storage.read(name) }));
      return items
        .flatMap(({ name, value }) =>
          isNumbered(value) ? [{ ...value, key: name.slice(prefix.length) }] : [],
        )
        .sort((one, other) => one.number - other.number)
        .map(({ key, title }) => ({ key, title }));
    },

    keep({ key, title }: UnsentTask): void {
      // Grows even within a millisecond, because pasted lines arrive together.
      lastNumber = Math.max(lastNumber + 1, Date.now());
      storage.write(prefix + key, { title, number: lastNumber });
    },

    remove: (key: string): void => storage.remove(prefix + key),

    clear(): void {
      for (const name of storage.keys(prefix)) storage.remove(name);
    },

    /** The key of a task that another tab has removed, after creating or discarding it. */
    removedBy: ({ key, newValue }: StorageEvent): string | undefined =>
      key?.startsWith(prefix) && newValue === null ? key.slice(prefix.length) : undefined,
  };
}

const isNumbered = (value: unknown): value is { title: string; number: number } =>
  typeof value === "object" && value !== null && "title" in value && typeof value.title === "string";
