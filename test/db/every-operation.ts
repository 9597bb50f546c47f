import { expect } from "vitest";
import { routes } from "../../lib/routes.js";
import { methodOf, perform, prepare, successOf } from "../api/structure/prepared.js";
import type { Stack } from "../stack/stack.js";

/** Sends a request to each operation; all must succeed. */
export async function expectEveryOperation(stack: Stack): Promise<void> {
  const failed: string[] = [];
  for (const op of routes) {
    const { status, text } = await perform(op, await prepare(op, stack));
    if (status !== successOf(op)) failed.push(`${methodOf(op)} ${op.path}: ${status} ${text}`);
  }
  const faults = stack.logs().flatMap((line) => (line["fault"] ? [JSON.stringify(line["fault"])] : []));
  expect(failed, faults.join("\n")).toEqual([]);
}
