import type { Status } from "./task-entry.js";
import type { Filter } from "./task-list.js";

export const statusNames: Record<Status, string> = {
  todo: "To do",
  in_progress: "In progress",
  done: "Done",
};

export const filterNames: Record<Filter, string> = { all: "All", ...statusNames };
