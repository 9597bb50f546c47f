import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";

/**
 * Calls `onChange` when anything below `root` changes; returns the function that stops watching. Each directory has
 * its own watcher: on Linux a recursive one follows inodes, and loses files that an editor saves by renaming.
 */
export function watchTree(root: string, onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();

  function drop(directory: string): void {
    watchers.get(directory)?.close();
    watchers.delete(directory);
  }

  function follow(directory: string): void {
    try {
      if (!watchers.has(directory)) {
        const watcher = watch(directory, () => {
          follow(directory);
          onChange();
        });
        watchers.set(
          directory,
          watcher.on("error", () => drop(directory)),
        );
      }
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        if (entry.isDirectory()) follow(join(directory, entry.name));
      }
    } catch {
      // The directory is gone. If it comes back, the watcher of its parent notices.
      drop(directory);
    }
  }

  follow(root);
  return () => {
    for (const directory of watchers.keys()) drop(directory);
  };
}
