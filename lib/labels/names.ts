import * as z from "zod";
import { label } from "../schemas.js";
import { labelLength, labelsPerTask } from "./limits.js";

/** Normalized before its length is checked, because NFC makes a few characters longer. */
export const labelName = label(labelLength, z.string().normalize("NFC")).meta({
  description: "One line, stored in NFC",
  example: "Garden",
});

/** Names with the same key are the same label. `toLowerCase` may break NFC, so it is applied again. */
export const labelKey = (name: string): string => name.toLowerCase().normalize("NFC");

/** Keeps the first spelling of each label. */
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
    description: `Up to ${labelsPerTask}. Case does not distinguish labels; each keeps the spelling of its first use`,
    example: ["Garden"],
  });
