import { labelQuota } from "../labels/limits.js";
import { Problem } from "../problem.js";
import type { Referring } from "../resources/resource.js";

/** Error messages for the members that refer to other rows. */
export const referenceRules: Record<string, string> = {
  projectId: "must be one of your projects and, for a subtask, the project of its parent",
  parentId: "must be another task that can have one more subtask",
};

export const labelLimit = `One account may have ${labelQuota} labels.`;

/** @throws Problem `quota-exceeded` for too many labels, `invalid-reference` for another refused member */
export function requireReferences({ refusedMember }: Referring): void {
  if (refusedMember === null) return;
  if (refusedMember === "labels") throw new Problem("quota-exceeded", { detail: labelLimit });
  const message = referenceRules[refusedMember] ?? "is not possible";
  throw new Problem("invalid-reference", { errors: [{ pointer: `/${refusedMember}`, message }] });
}
