import { createBrowserStorage } from "../browser-storage.js";
import { draftOf, type TaskEntry } from "./task-entry.js";

type UnsavedText = { newTitle: string; edits: Pick<Required<TaskEntry>, "task" | "draft">[] };

// Ends with the tab, because it may be half a sentence that nobody wanted to keep.
const storage = createBrowserStorage("sessionStorage");

/**
 * The text of a user that this tab has not saved: the new task that is being typed, and edits with the version of the
 * task that they build on. It survives a reload.
 */
export function unsavedTextOf(userId: string) {
  const name = `latchkey-unsaved-text ${userId}`;
  let last = "";
  return {
    read(): UnsavedText {
      const { newTitle, edits } = (storage.read(name) ?? {}) as Partial<UnsavedText>;
      return {
        newTitle: typeof newTitle === "string" ? newTitle : "",
        edits: Array.isArray(edits) ? edits.filter(isEdit) : [],
      };
    },

    keep({ newTitle, entries }: { newTitle: string; entries: TaskEntry[] }): void {
      const edits = entries.flatMap((entry) => {
        const draft = unsavedDraftOf(entry);
        // In a conflict, the entry has the newer version already. Saving must report it again, not overwrite it.
        const task = entry.conflict ? { ...entry.task, version: 0 } : entry.task;
        return draft ? [{ task, draft }] : [];
      });
      const next = JSON.stringify({ newTitle, edits });
      if (next === last) return;
      last = next;
      if (newTitle === "" && edits.length === 0) storage.remove(name);
      else storage.write(name, { newTitle, edits });
    },

    clear: (): void => storage.remove(name),
  };
}

/** Text that is being typed, or that is on its way to the server, or that the server has not accepted. */
function unsavedDraftOf({ task, draft, change, failure, conflict }: TaskEntry) {
  const unsaved = change ?? failure?.change ?? conflict?.mine;
  return draft ?? (unsaved && unsaved !== "delete" ? draftOf(task, unsaved).draft : undefined);
}

/** A later release may read what an earlier one has stored. */
const isEdit = (edit: Partial<UnsavedText["edits"][number]> | null) =>
  typeof edit?.task?.id === "string" &&
  typeof edit.draft?.title === "string" &&
  typeof edit.draft.description === "string" &&
  typeof edit.draft.status === "string";
