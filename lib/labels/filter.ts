import * as z from "zod";
import { labelsPerTask } from "./limits.js";
import { labelKey, labelName } from "./names.js";

/** A query parameter that may be repeated, as sorted keys: a cursor stays valid if order or spelling change. */
export const labelFilter = z
  .preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z
      .array(labelName)
      .min(1)
      .max(labelsPerTask)
      .overwrite((names) => [...new Set(names.map(labelKey))].sort()),
  )
  .optional()
  .meta({
    description:
      "Only tasks with this label, ignoring case. Repeat it for tasks that have all of several labels",
    example: ["Garden"],
  });
