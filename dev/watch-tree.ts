import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";

/**
 * Calls `onChange` when anything below `root` changes; returns what ends that. One watcher a directory: a recursive
 * one follows inodes on Linux, and so loses a file for good that an editor saves by renaming.
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
      // It has vanished; should it come back, its parent notices.
      drop(directory);
    }
  }

  follow(root);
  return () => {
    for (const directory of watchers.keys()) drop(directory);
  };
}
