import { expect } from "vitest";
import { routes } from "../../lib/routes.js";
import { methodOf, sendRequest, successStatusOf, validRequest } from "../api/structure/valid-requests.js";
import type { Stack } from "../stack/stack.js";

/** Sends one request to each operation and expects success. */
export async function expectEveryOperationToSucceed(stack: Stack): Promise<void> {
  const failed: string[] = [];
  for (const op of routes) {
    const { status, text } = await sendRequest(op, await validRequest(op, stack));
    if (status !== successStatusOf(op)) failed.push(`${methodOf(op)} ${op.path}: ${status} ${text}`);
  }
  const faults = stack.logs().flatMap((line) => (line["fault"] ? [JSON.stringify(line["fault"])] : []));
  expect(failed, faults.join("\n")).toEqual([]);
}
