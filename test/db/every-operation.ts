import { expect } from "vitest";
import type { Operation } from "../../lib/contract.js";
import { routes } from "../../lib/routes.js";
import { methodOf, sendRequest, successStatusOf, validRequest } from "../api/structure/valid-requests.js";
import type { Stack } from "../stack/stack.js";

/** Sends one request to each operation, or to each of `operations`, and expects success. */
export async function expectEveryOperationToSucceed(
  stack: Stack,
  operations: readonly Operation[] = routes,
): Promise<void> {
  const failed: string[] = [];
  for (const op of operations) {
    const { status, text } = await sendRequest(op, await validRequest(op, stack));
    if (status !== successStatusOf(op)) failed.push(`${methodOf(op)} ${op.path}: ${status} ${text}`);
  }
  const faults = stack.logs().flatMap((line) => (line["fault"] ? [JSON.stringify(line["fault"])] : []));
  expect(failed, faults.join("\n")).toEqual([]);
}
