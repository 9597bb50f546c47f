import * as z from "zod";
import { label } from "../schemas.js";
import { labelLength, labelsPerTask } from "./limits.js";

/** NFC makes a few characters longer, so it comes before the check of the length. */
export const labelName = label(labelLength, z.string().normalize("NFC")).meta({
  description: "One line, stored in NFC",
  example: "Garden",
});

/** Two names with the same key are one label. Lower case may leave NFC. */
export const labelKey = (name: string): string => name.toLowerCase().normalize("NFC");

/** The first spelling of each label. */
function distinctLabels(names: readonly string[]): string[] {
  const spellings = new Map<string, string>();
  for (const name of names) {
    if (!spellings.has(labelKey(name))) spellings.set(labelKey(name), name);
  }
  return [...spellings.values()];
}

/** The labels of a task, in a request. */
export const labelNames = z
  .array(labelName)
  .max(labelsPerTask, `must have at most ${labelsPerTask} items`)
  .overwrite(distinctLabels)
  .meta({
    description: `Up to ${labelsPerTask}. Upper and lower case are the same label, in the spelling of its first use`,
    example: ["Garden"],
  });
