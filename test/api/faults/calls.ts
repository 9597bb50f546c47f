import { randomUUID } from "node:crypto";
import type { Operation } from "../../../lib/contract.js";
import type { ApiResponse } from "../../stack/client.js";
import type { Stack } from "../../stack/stack.js";
import { sendRequest, successStatusOf, testableRoutes, validRequest } from "../structure/valid-requests.js";

/** A request that can be repeated: its cookie, idempotency key and client address stay the same. */
export type Call = {
  id: string;
  op: Operation;
  isRead: boolean;
  /** The status of the first attempt without a fault. */
  success: number;
  send(requestId?: string): Promise<ApiResponse>;
};

/**
 * One call for every operation that uses the database, each with new users. `target` receives the calls when it is
 * another stack on the same database.
 */
export function createCalls(stack: Stack, target: Stack = stack): Promise<Call[]> {
  const ops = testableRoutes.filter((op) => op.trips > 0);
  return Promise.all(ops.map((op) => createCall(op, stack, target)));
}

async function createCall(op: Operation, stack: Stack, target: Stack): Promise<Call> {
  const request = await validRequest(op, stack);
  const cookie = [...request.client.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const client = target === stack ? request.client : target.client();
  const hasKey = "idempotency-key" in (op.headers?.shape ?? {});
  const key = hasKey ? { "idempotency-key": randomUUID() } : {};
  return {
    id: op.id,
    op,
    // The cron's GET sends emails and deletes expired rows.
    isRead: op.method === "get" && op.auth !== "cron-secret",
    success: successStatusOf(op),
    send: (requestId = randomUUID()) => {
      const headers = { ...request.options.headers, ...key, "x-request-id": requestId };
      return sendRequest(op, request, { cookie, headers }, client);
    },
  };
}

/** Sends the calls one after another. @throws Error for the first that does not succeed */
export async function expectSuccess(calls: Call[]): Promise<void> {
  for (const { id, success, send } of calls) {
    const { status, text } = await send();
    if (status !== success) throw new Error(`${id} returned ${status}: ${text}`);
  }
}
