import * as z from "zod";
import { labelsPerTask } from "./limits.js";
import { labelKey, labelName } from "./names.js";

/** A repeated query parameter, as keys in one order: a cursor stays valid whatever the order and spelling. */
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
    description: "Repeat it for tasks that have all these labels, in upper or lower case",
    example: ["Garden"],
  });
